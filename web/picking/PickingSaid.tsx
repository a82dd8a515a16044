import { IconArrowBackUp, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ScanStrip } from '../scan/ScanStrip';
import type { Said } from './store';
import { saidText } from './words';

/** What the last scan came to; between scans, what to scan next. */
export function PickingSaid({ said, step }: { said: Said; step: 'destination' | 'pallets' }) {
  const { t, i18n } = useTranslation('picking');
  const words =
    said.kind === 'ready' && step === 'pallets'
      ? t('pallets.ask')
      : saidText(said, t, i18n.language === 'en' ? 'en' : 'es');
  const icon = said.key === 'undone' ? IconArrowBackUp : said.kind === 'duplicate' ? IconCopy : undefined;
  return <ScanStrip said={said} words={words} icon={icon} />;
}
