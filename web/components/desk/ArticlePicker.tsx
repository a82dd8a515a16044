import { ActionIcon, Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { IconAlertTriangle, IconBarcode, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VariantView } from '../../../domain/product';
import { useFormat } from '../../i18n/format';
import { readApi } from './api';
import { articleName } from './article-name';
import classes from './ArticlePicker.module.css';
import { queryTo } from './list-query';
import type { Page } from './usePages';
import type { Missed } from './useArticleScan';

const typingMs = 200;
const mostShown = 8;

type Found =
  { kind: 'none' } | { kind: 'busy' } | { kind: 'failed' } | { kind: 'found'; q: string; items: VariantView[] };

/** Finds an article by its name, SKU or code and hands it over; Enter takes the first. What a scanner sends is the screen's. */
export function ArticlePicker(props: {
  label: string;
  siteId?: string | null;
  missed: Missed | null;
  large?: boolean;
  onPick(article: VariantView): void;
}) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { label, siteId = null, missed, large = false, onPick } = props;
  const [text, setText] = useState('');
  const [found, setFound] = useState<Found>({ kind: 'none' });
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const asked = useRef('');
  const later = useRef<number | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => window.clearTimeout(later.current), []);

  const take = (article: VariantView): void => {
    window.clearTimeout(later.current);
    asked.current = '';
    setText('');
    setFound({ kind: 'none' });
    combobox.closeDropdown();
    onPick(article);
  };
  /** @param enter take the first that fits as soon as it is known */
  const search = async (q: string, enter: boolean): Promise<void> => {
    window.clearTimeout(later.current);
    asked.current = q;
    if (q === '') return setFound({ kind: 'none' });
    setFound((before) => (before.kind === 'found' ? before : { kind: 'busy' }));
    const outcome = await readApi<Page<VariantView>>(queryTo('/products', { q, siteId, limit: mostShown }));
    // Typed on, or taken, meanwhile.
    if (asked.current !== q) return;
    if (outcome.kind !== 'ok') return setFound({ kind: 'failed' });
    const [first] = outcome.value.items;
    if (enter && first !== undefined) return take(first);
    setFound({ kind: 'found', q, items: outcome.value.items });
  };

  return (
    <div>
      <Combobox
        store={combobox}
        onOptionSubmit={(id) => {
          const article = found.kind === 'found' ? found.items.find((item) => item.id === id) : undefined;
          if (article) take(article);
        }}
      >
        <Combobox.Target>
          <TextInput
            ref={input}
            label={label}
            size={large ? 'lg' : 'md'}
            placeholder={t('pick.hint')}
            autoComplete="off"
            enterKeyHint="search"
            maxLength={100}
            leftSection={<IconBarcode size={22} aria-hidden />}
            rightSection={
              found.kind === 'busy' ? (
                <Loader size={18} />
              ) : text === '' ? null : (
                <ActionIcon
                  aria-label={t('pick.clear')}
                  onClick={() => {
                    setText('');
                    void search('', false);
                    input.current?.focus();
                  }}
                >
                  <IconX size={18} aria-hidden />
                </ActionIcon>
              )
            }
            value={text}
            onChange={({ currentTarget }) => {
              const next = currentTarget.value;
              setText(next);
              combobox.openDropdown();
              combobox.resetSelectedOption();
              window.clearTimeout(later.current);
              later.current = window.setTimeout(() => void search(next.trim(), false), typingMs);
            }}
            onFocus={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              // With one chosen by the arrows, the list takes it.
              if (combobox.getSelectedOptionIndex() !== -1) return;
              event.preventDefault();
              const q = text.trim();
              const [first] = found.kind === 'found' && found.q === q ? found.items : [];
              if (first !== undefined) take(first);
              else void search(q, true);
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={found.kind === 'none' || found.kind === 'busy'}>
          <Combobox.Options aria-label={label}>
            {found.kind === 'failed' && <Combobox.Empty>{t('pick.failed')}</Combobox.Empty>}
            {found.kind === 'found' && found.items.length === 0 && <Combobox.Empty>{t('pick.none')}</Combobox.Empty>}
            {found.kind === 'found' &&
              found.items.map((item) => (
                <Combobox.Option key={item.id} value={item.id}>
                  <span className={classes.option}>
                    <span>{articleName(item)}</span>
                    <span className={`${classes.sku} nv-code`}>{item.sku}</span>
                    <span className={classes.price}>{format.money(item.price)}</span>
                  </span>
                </Combobox.Option>
              ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <div role="alert">
        {missed !== null && (
          <p className={classes.missed}>
            <IconAlertTriangle size={20} aria-hidden />
            {t(missed.why === 'none' ? 'pick.unknown' : 'pick.no_answer', { code: missed.code })}
          </p>
        )}
      </div>
    </div>
  );
}
