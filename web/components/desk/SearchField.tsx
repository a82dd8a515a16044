import { ActionIcon, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

const typingMs = 300;
const longest = 100;

interface Props {
  /** What the address says. */
  value: string | null;
  set(q: string | null): void;
  label: string;
  hint?: string;
  className?: string | undefined;
}

/** Waits for a pause in the typing; a scanner's Enter does not wait. */
export function SearchField({ value, set, label, hint, className }: Props) {
  const { t } = useTranslation('desk');
  const [text, setText] = useState(value ?? '');
  const sent = useRef(value);
  const later = useRef<number | undefined>(undefined);

  // The address changed by another way (back, «quitar filtros»): it wins over what was typed.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value ?? '');
  }, [value]);
  useEffect(() => () => window.clearTimeout(later.current), []);

  const send = (next: string): void => {
    window.clearTimeout(later.current);
    const q = next.trim().slice(0, longest) || null;
    if (q === sent.current) return;
    sent.current = q;
    set(q);
  };

  return (
    <TextInput
      className={className}
      type="search"
      inputMode="search"
      enterKeyHint="search"
      autoComplete="off"
      aria-label={label}
      placeholder={label}
      title={hint}
      maxLength={longest}
      leftSection={<IconSearch size={18} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <ActionIcon
            aria-label={t('filter.search_clear')}
            onClick={() => {
              setText('');
              send('');
            }}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        )
      }
      value={text}
      onChange={({ currentTarget }) => {
        const next = currentTarget.value;
        setText(next);
        window.clearTimeout(later.current);
        later.current = window.setTimeout(() => send(next), typingMs);
      }}
      onKeyDown={({ key }) => key === 'Enter' && send(text)}
    />
  );
}
