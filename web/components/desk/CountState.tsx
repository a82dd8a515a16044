import { IconCircleCheck, IconClipboardList, IconSlash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CountItem } from '../../../api/stock/schemas';
import rows from './Rows.module.css';

const looks = {
  open: { icon: IconClipboardList, tone: 'info' },
  closed: { icon: IconCircleCheck, tone: 'good' },
  cancelled: { icon: IconSlash, tone: undefined },
} as const;

/** Icon, colour and word of a count's state. */
export function CountState({ state }: { state: CountItem['state'] }) {
  const { t } = useTranslation('stock');
  const { icon: Icon, tone } = looks[state];
  return (
    <span className={rows.tag} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden /> {t(`counts.state.${state}`)}
    </span>
  );
}
