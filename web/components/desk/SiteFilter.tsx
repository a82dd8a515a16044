import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Which site a list is of; nothing to choose where there is one. */
export function SiteFilter(props: {
  sites: readonly { id: string; name: string }[];
  value: string | null;
  set(siteId: string | null): void;
}) {
  const { t } = useTranslation('desk');
  const { sites, value, set } = props;
  if (sites.length < 2) return null;
  return (
    <NativeSelect
      aria-label={t('filter.site')}
      value={value ?? ''}
      onChange={({ currentTarget }) => set(currentTarget.value || null)}
      data={[{ value: '', label: t('filter.site_any') }, ...sites.map(({ id, name }) => ({ value: id, label: name }))]}
    />
  );
}
