import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@remix-run/react';
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { operationKinds } from '../../../domain/operation';
import classes from './FilterBar.module.css';
import { countFilters, datePresets, filtersOf, type OperationFilters, searchOf } from './operation-query';
import { SidePanel } from './SidePanel';

export interface FilterChoices {
  sites: { id: string; name: string }[];
  /** Everybody whom one may filter by; only oneself where the role does not know the others. */
  people: { id: string; name: string }[];
}

const typingMs = 300;

/** The filters of the list; each choice is in the address at once. */
export function FilterBar({ filters, choices }: { filters: OperationFilters; choices: FilterChoices }) {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  const [open, drawer] = useDisclosure(false);
  const set = (change: Partial<OperationFilters>): void => {
    void navigate({ search: searchOf({ ...filters, ...change }) }, { replace: true, preventScrollReset: true });
  };
  const others = countFilters({ ...filters, state: null, q: null });
  const selects = <Selects filters={filters} choices={choices} set={set} />;

  return (
    <div className={classes.bar} role="search">
      <Search value={filters.q} set={(q) => set({ q })} />
      <div className={classes.selects}>{selects}</div>
      <Button
        className={classes.open}
        variant="default"
        size="md"
        leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden />}
        onClick={drawer.open}
      >
        {t('filter.open', { count: others })}
      </Button>
      {countFilters(filters) > 0 && <ClearFilters className={classes.clear} />}
      <SidePanel opened={open} onClose={drawer.close} title={t('filter.title')} low>
        <div className={classes.sheet}>
          {selects}
          <Button size="lg" mt="sm" onClick={drawer.close}>
            {t('filter.done')}
          </Button>
        </div>
      </SidePanel>
    </div>
  );
}

export function ClearFilters({ className }: { className?: string | undefined }) {
  const { t } = useTranslation('desk');
  return (
    <Button
      component={Link}
      to={{ search: '' }}
      replace
      preventScrollReset
      variant="subtle"
      className={className}
      leftSection={<IconX size={16} aria-hidden />}
    >
      {t('filter.clear')}
    </Button>
  );
}

/** Waits for a pause in the typing; a scanner's Enter does not wait. */
function Search({ value, set }: { value: string | null; set(q: string | null): void }) {
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
    const { q } = filtersOf(new URLSearchParams({ q: next }));
    if (q === sent.current) return;
    sent.current = q;
    set(q);
  };

  return (
    <TextInput
      className={classes.search}
      type="search"
      inputMode="search"
      enterKeyHint="search"
      autoComplete="off"
      aria-label={t('filter.search')}
      placeholder={t('filter.search')}
      title={t('filter.search_hint')}
      maxLength={100}
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

function Selects({
  filters,
  choices,
  set,
}: {
  filters: OperationFilters;
  choices: FilterChoices;
  set(change: Partial<OperationFilters>): void;
}) {
  const { t } = useTranslation('desk');
  const inDays = filters.date === null && (filters.from !== null || filters.to !== null);
  const [choosing, setChoosing] = useState(false);
  const range = inDays || choosing;
  return (
    <>
      <NativeSelect
        aria-label={t('filter.site')}
        value={filters.siteId ?? ''}
        onChange={({ currentTarget }) => set({ siteId: currentTarget.value || null })}
        data={[
          { value: '', label: t('filter.site_any') },
          ...choices.sites.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        aria-label={t('filter.person')}
        value={filters.userId ?? ''}
        onChange={({ currentTarget }) => set({ userId: currentTarget.value || null })}
        data={[
          { value: '', label: t('filter.person_any') },
          ...choices.people.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        aria-label={t('filter.date')}
        value={filters.date ?? (range ? 'range' : '')}
        onChange={({ currentTarget }) => {
          const date = datePresets.find((preset) => preset === currentTarget.value) ?? null;
          setChoosing(currentTarget.value === 'range');
          if (currentTarget.value !== 'range' || filters.date !== null) set({ date, from: null, to: null });
        }}
        data={[
          { value: '', label: t('filter.date_any') },
          ...datePresets.map((preset) => ({ value: preset, label: t(`filter.date_${preset}`) })),
          { value: 'range', label: t('filter.date_range') },
        ]}
      />
      {range && (
        <div className={classes.days}>
          <TextInput
            type="date"
            aria-label={t('filter.from')}
            value={filters.from ?? ''}
            max={filters.to ?? undefined}
            onChange={({ currentTarget }) => set({ date: null, from: currentTarget.value || null })}
          />
          <span aria-hidden>–</span>
          <TextInput
            type="date"
            aria-label={t('filter.to')}
            value={filters.to ?? ''}
            min={filters.from ?? undefined}
            onChange={({ currentTarget }) => set({ date: null, to: currentTarget.value || null })}
          />
        </div>
      )}
      <Kinds filters={filters} set={set} />
    </>
  );
}

function Kinds({ filters, set }: { filters: OperationFilters; set(change: Partial<OperationFilters>): void }) {
  const { t } = useTranslation('desk');
  const { t: operation } = useTranslation('operations');
  return (
    <NativeSelect
      aria-label={t('filter.kind')}
      value={filters.kind ?? ''}
      onChange={({ currentTarget }) =>
        set({ kind: operationKinds.find((kind) => kind === currentTarget.value) ?? null })
      }
      data={[
        { value: '', label: t('filter.kind_any') },
        ...operationKinds.map((kind) => ({ value: kind, label: operation(`kind.${kind}`) })),
      ]}
    />
  );
}
