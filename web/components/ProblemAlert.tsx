import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from '../i18n/problem';

/** What happened, in the reader's language, with the code to quote. `children` says what to do. */
export function ProblemAlert({ code, instance, children }: { code: string; instance?: string; children?: ReactNode }) {
  const { t, i18n } = useTranslation();
  const quote = instance === undefined ? code : `${code} · ${instance.replace('urn:uuid:', '').slice(0, 8)}`;
  return (
    <Alert role="alert" color="red" variant="light" radius="md" icon={<IconAlertTriangle aria-hidden />}>
      <Text fw={600} c="var(--nv-bad)">
        {problemText(code, i18n.language === 'en' ? 'en' : 'es')}
      </Text>
      {children}
      <Text size="sm" c="dimmed" mt={4}>
        {t('code_to_quote', { code: quote })}
      </Text>
    </Alert>
  );
}
