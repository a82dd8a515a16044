import { IconAlertTriangle, IconArrowDown, IconCircleOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import rows from './Rows.module.css';
import { type LevelMark } from './stock-level';

const icons = { short: IconAlertTriangle, out: IconCircleOff, low: IconArrowDown };

/** Icon, colour and word of a level that needs somebody. */
export function LevelTag({ mark }: { mark: LevelMark }) {
  const { t } = useTranslation('stock');
  const Icon = icons[mark];
  return (
    <span className={rows.tag} data-tone={mark === 'low' ? 'warn' : 'bad'}>
      <Icon size={14} stroke={2.2} aria-hidden /> {t(mark)}
    </span>
  );
}
