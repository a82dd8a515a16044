import { Alert } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './Forms.module.css';

/** Somebody else was faster: what they changed, and that nothing of one's own is lost. */
export function Conflict({ changes }: { changes: { field: string; value: string }[] }) {
  const { t } = useTranslation('products');
  return (
    <Alert role="alert" color="yellow" variant="light" radius="md" icon={<IconUsers aria-hidden />} c="var(--nv-warn)">
      {t('form.conflict')}
      {changes.length > 0 && (
        <ul className={classes.conflict}>
          {changes.map(({ field, value }) => (
            <li key={field}>{t('form.conflict_field', { field, value: value === '' ? t('form.nothing') : value })}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
