import { IconArrowBackUp, IconReceipt, IconSlash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SaleSummary } from '../../../api/sales/schemas';
import { useFormat } from '../../i18n/format';
import rows from './Rows.module.css';

const looks = {
  sale: { icon: IconReceipt, tone: undefined },
  void: { icon: IconSlash, tone: 'violet' },
  return: { icon: IconArrowBackUp, tone: 'violet' },
} as const;

/** What a document is, and whether it was taken back, with icon and word. A plain sale needs none in a list of sales. */
export function SaleMarks({ sale, all = false }: { sale: SaleSummary; all?: boolean }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { icon: Icon, tone } = looks[sale.kind];
  return (
    <>
      {(all || sale.kind !== 'sale') && (
        <span className={rows.tag} data-tone={tone}>
          <Icon size={14} stroke={2} aria-hidden /> {t(`kind.${sale.kind}`)}
        </span>
      )}
      {sale.voided && (
        <span className={rows.tag} data-tone="bad">
          <IconSlash size={14} stroke={2} aria-hidden /> {t('voided')}
        </span>
      )}
      {sale.returned.amount > 0 && (
        <span className={rows.tag} data-tone="violet">
          <IconArrowBackUp size={14} stroke={2} aria-hidden /> {t('returned', { money: format.money(sale.returned) })}
        </span>
      )}
    </>
  );
}
