import { IconAlertOctagon, IconArrowBackUp, IconBarcode, IconCircleCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Said } from './store';
import classes from './ScanStrip.module.css';
import { saidText } from './words';

const icons = { ready: IconBarcode, success: IconCircleCheck, duplicate: IconCopy, failure: IconAlertOctagon };

/** What the last scan came to, in words; its height never changes, so that nothing jumps under a thumb. */
export function ScanStrip({ said, step }: { said: Said; step: 'destination' | 'pallets' }) {
  const { t, i18n } = useTranslation('picking');
  const Icon = said.key === 'undone' ? IconArrowBackUp : icons[said.kind];
  const words =
    said.kind === 'ready' && step === 'pallets'
      ? t('pallets.ask')
      : saidText(said, t, i18n.language === 'en' ? 'en' : 'es');
  return (
    <p
      className={classes.strip}
      data-kind={said.kind}
      role={said.kind === 'failure' ? 'alert' : 'status'}
      data-testid="said"
    >
      <Icon key={said.at} size={28} stroke={2} aria-hidden className={classes.icon} />
      <span className={classes.words}>{words}</span>
    </p>
  );
}

/** The same in the corner of the eye: the whole edge of the screen takes the colour for a moment. */
export function Flash({ said }: { said: Said }) {
  return said.kind === 'ready' ? null : (
    <span key={said.at} aria-hidden className={classes.flash} data-kind={said.kind} />
  );
}
