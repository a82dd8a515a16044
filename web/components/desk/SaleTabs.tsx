import { useTranslation } from 'react-i18next';
import { SectionTabs } from './SectionTabs';

/** The screens of what went over the counter. */
export function SaleTabs() {
  const { t } = useTranslation('sales');
  return (
    <SectionTabs
      label={t('section')}
      tabs={[
        { to: '/sales', label: t('tab.sales') },
        { to: '/registers', label: t('tab.registers') },
      ]}
    />
  );
}
