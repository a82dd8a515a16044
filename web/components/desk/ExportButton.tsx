import { ActionIcon } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** The rows of the current filters as a file for a spreadsheet; a matter of the desk. */
export function ExportButton({ to }: { to: string }) {
  const { t } = useTranslation('desk');
  return (
    <ActionIcon
      component="a"
      href={to}
      download
      variant="default"
      size="var(--nv-square)"
      visibleFrom="sm"
      aria-label={t('export.button')}
      title={t('export.button')}
    >
      <IconDownload size={20} aria-hidden />
    </ActionIcon>
  );
}
