import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@remix-run/react';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { operationKinds } from '../../../domain/operation';
import classes from './FilterBar.module.css';
import { countFilters, datePresets, type OperationFilters, searchOf } from './operation-query';
import { ExportButton } from './ExportButton';
import { SavedFilters } from './SavedFilters';
import { SearchField } from './SearchField';
import { SidePanel } from './SidePanel';

export interface FilterChoices {
  sites: { id: string; name: string }[];
  /** Everybody whom one may filter by; only oneself where the role does not know the others. */
  people: { id: string; name: string }[];
}

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
      <SearchField
        className={classes.search}
        label={t('filter.search')}
        hint={t('filter.search_hint')}
        value={filters.q}
        set={(q) => set({ q })}
      />
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
      <SavedFilters screen="operations" search={searchOf(filters)} />
      <ExportButton to={`/operations/export${searchOf(filters)}`} />
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
            label={t('filter.from')}
            value={filters.from ?? ''}
            max={filters.to ?? undefined}
            onChange={({ currentTarget }) => set({ date: null, from: currentTarget.value || null })}
          />
          <span className={classes.dash} aria-hidden>
            –
          </span>
          <TextInput
            type="date"
            label={t('filter.to')}
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
