import { Button } from '@mantine/core';
import { isRouteErrorResponse, useRevalidator, useRouteError } from '@remix-run/react';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../EmptyState';
import { ErrorScreen } from '../ErrorScreen';

/** A screen of the desk that could not be loaded, inside its shell: what was kept, and once more. */
export function LoadFailed() {
  const { t } = useTranslation('desk');
  const error = useRouteError();
  const { revalidate, state } = useRevalidator();
  if (isRouteErrorResponse(error)) return <ErrorScreen />;
  return (
    <EmptyState
      icon={IconPlugConnectedX}
      title={t('load_failed.title')}
      text={t('load_failed.text')}
      action={
        <Button loading={state === 'loading'} onClick={() => void revalidate()}>
          {t('load_failed.again')}
        </Button>
      }
    />
  );
}
