import { Button } from '@mantine/core';
import { isRouteErrorResponse, useRevalidator, useRouteError } from '@remix-run/react';
import { IconPlugConnectedX, IconWifiOff } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../offline/useConnection';
import { EmptyState } from '../EmptyState';
import { ErrorScreen } from '../ErrorScreen';
import { QuoteCode } from '../QuoteCode';

/** A screen of the desk that could not be loaded, inside its shell: what was kept, and once more; by itself with the network. */
export function LoadFailed() {
  const { t } = useTranslation('desk');
  const error = useRouteError();
  const { revalidate, state } = useRevalidator();
  const { online } = useConnection();
  const wasOffline = useRef(false);
  useEffect(() => {
    if (online === false) wasOffline.current = true;
    if (online !== true || !wasOffline.current) return;
    wasOffline.current = false;
    void revalidate();
  }, [online, revalidate]);
  if (isRouteErrorResponse(error)) return <ErrorScreen />;
  const offline = online === false;
  return (
    <EmptyState
      icon={offline ? IconWifiOff : IconPlugConnectedX}
      title={offline ? t('load_failed.offline_title') : t('load_failed.title')}
      text={offline ? t('load_failed.offline_text') : t('load_failed.text')}
      action={
        <>
          {!offline && <QuoteCode code="load_failed" />}
          <Button loading={state === 'loading'} onClick={() => void revalidate()}>
            {t('load_failed.again')}
          </Button>
        </>
      }
    />
  );
}
