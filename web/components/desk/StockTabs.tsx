import { useTranslation } from 'react-i18next';
import { SectionTabs } from './SectionTabs';

/** The screens of the inventory. */
export function StockTabs() {
  const { t } = useTranslation('stock');
  return (
    <SectionTabs
      label={t('section')}
      tabs={[
        { to: '/stock', label: t('tab.sites') },
        { to: '/stock/all', label: t('tab.all') },
        { to: '/counts', label: t('tab.counts') },
        { to: '/entries', label: t('tab.entries') },
        { to: '/stock/checks', label: t('tab.checks') },
      ]}
    />
  );
}

/** Where the history of an article stands. */
export const historyOf = (sku: string, siteId?: string | null): string =>
  `/stock/history/${encodeURIComponent(sku)}${siteId ? `?siteId=${siteId}` : ''}`;
