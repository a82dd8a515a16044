import { Skeleton, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The shape of a page of the desk, while the page itself is on its way. */
export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <div aria-busy data-testid="page-skeleton">
      <VisuallyHidden role="status">{t('loading')}</VisuallyHidden>
      <Skeleton h={32} w={220} mb={24} radius="md" />
      <Skeleton h={40} mb={16} radius="md" />
      {Array.from({ length: 6 }, (_, at) => (
        <Skeleton key={at} h={56} mb={10} radius="md" />
      ))}
    </div>
  );
}
