import { Button, Stack, Text, Title } from '@mantine/core';
import { isRouteErrorResponse, useRouteError } from '@remix-run/react';
import { IconLock, IconMapOff, IconPlugConnectedX, IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../offline/useConnection';
import { QuoteCode } from './QuoteCode';
import classes from './ErrorScreen.module.css';

/** What went wrong, what was kept and what to do; for the whole page or the content of a shell. */
export function ErrorScreen() {
  const { t } = useTranslation();
  const error = useRouteError();
  const { online } = useConnection();
  const answered = isRouteErrorResponse(error);
  const status = answered ? error.status : 500;
  const offline = !answered && online === false;
  const [Icon, title, text] =
    status === 404
      ? [IconMapOff, t('error.not_found_title'), t('error.not_found_text')]
      : status === 403
        ? [IconLock, t('error.forbidden_title'), t('error.forbidden_text')]
        : offline
          ? [IconWifiOff, t('offline'), t('error.offline_text')]
          : [IconPlugConnectedX, t('error.title'), t('error.text')];
  return (
    <main className={classes.screen}>
      <Stack align="center" gap="md" maw={420}>
        <Icon size={56} stroke={1.5} aria-hidden className={classes.icon} />
        <Title order={1} ta="center" fz={26}>
          {title}
        </Title>
        <Text ta="center" fz="lg" c="dimmed">
          {text}
        </Text>
        {!offline && (
          <QuoteCode code={status === 404 ? 'not_found' : status === 403 ? 'forbidden' : `http_${status}`} />
        )}
        {/* A plain link: a full load mends more than a client navigation does. */}
        <Button component="a" href="/" size="lg" mt="sm">
          {t('error.home')}
        </Button>
      </Stack>
    </main>
  );
}
