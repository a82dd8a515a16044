import { IconAlertOctagon, IconBarcode, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import classes from './ScanStrip.module.css';
import type { Said } from './store';
import { saidText, type Wording } from './words';

const icons = { ready: IconBarcode, success: IconCircleCheck, duplicate: IconInfoCircle, failure: IconAlertOctagon };

/** What the last scan or press came to, in words; its height never changes, so that nothing jumps under a thumb. */
export function ScanStrip({ said, wording }: { said: Said; wording: Wording }) {
  const Icon = icons[said.kind];
  return (
    <p
      className={classes.strip}
      data-kind={said.kind}
      role={said.kind === 'failure' ? 'alert' : 'status'}
      data-testid="said"
    >
      <Icon key={said.at} size={28} stroke={2} aria-hidden className={classes.icon} />
      <span className={classes.words}>{saidText(said, wording)}</span>
    </p>
  );
}

/** The same in the corner of the eye: the whole edge of the screen takes the colour for a moment. */
export function Flash({ said }: { said: Said }) {
  return said.kind === 'ready' ? null : (
    <span key={said.at} aria-hidden className={classes.flash} data-kind={said.kind} />
  );
}
