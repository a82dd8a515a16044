import { IconAlertOctagon, IconBarcode, IconCircleCheck, IconInfoCircle, type Icon } from '@tabler/icons-react';
import type { Feedback } from './feedback';
import classes from './ScanStrip.module.css';

/** What a scan or a press came to. `at` makes each one a new event. */
export interface Told {
  at: number;
  kind: Feedback | 'ready';
}

const icons = { ready: IconBarcode, success: IconCircleCheck, duplicate: IconInfoCircle, failure: IconAlertOctagon };

/** What the last scan or press came to, in words; its height never changes, so that nothing jumps under a thumb. */
export function ScanStrip({ said, words, icon }: { said: Told; words: string; icon?: Icon | undefined }) {
  const Mark = icon ?? icons[said.kind];
  return (
    <p
      className={classes.strip}
      data-kind={said.kind}
      role={said.kind === 'failure' ? 'alert' : 'status'}
      data-testid="said"
    >
      <Mark key={said.at} size={28} stroke={2} aria-hidden className={classes.icon} />
      <span className={classes.words}>{words}</span>
    </p>
  );
}

/** The same in the corner of the eye: the whole edge of the screen takes the colour for a moment. */
export function Flash({ said }: { said: Told }) {
  return said.kind === 'ready' ? null : (
    <span key={said.at} aria-hidden className={classes.flash} data-kind={said.kind} />
  );
}
