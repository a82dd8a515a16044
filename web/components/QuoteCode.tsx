import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** What to tell whoever helps: what kind of failure, and when to the second, as the logs have it (UTC). */
export function QuoteCode({ code }: { code: string }) {
  const { t } = useTranslation();
  const [at, setAt] = useState('');
  useEffect(() => setAt(new Date().toISOString().replace(/\.\d+Z$/, 'Z')), []);
  return (
    <Text ta="center" size="sm" c="dimmed" className="nv-figures" data-testid="quote">
      {t('code_to_quote', { code: at === '' ? code : `${code} · ${at}` })}
    </Text>
  );
}
