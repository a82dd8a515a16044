import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { IconHistory, IconListSearch, IconSearch, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/audit/queries';
import { auditEntities } from '../../domain/audit';
import { readApi } from '../components/desk/api';
import { AuditTable } from '../components/desk/AuditTable';
import { type AuditFilters, auditFiltersOf, auditQueryOf, auditSearchOf } from '../components/desk/audit-query';
import table from '../components/desk/DataTable.module.css';
import { ExportButton } from '../components/desk/ExportButton';
import { listPeople } from '../components/desk/people.server';
import { PageHead } from '../components/desk/PageHead';
import { SavedFilters } from '../components/desk/SavedFilters';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { EmptyState } from '../components/EmptyState';
import { requireActor } from '../load-context.server';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'audit.read');
  const filters = auditFiltersOf(new URL(request.url).searchParams);
  const [page, people, { tenant }] = await Promise.all([
    context.useCases.listAudit(actor, auditQueryOf(filters)),
    listPeople(context.useCases, actor),
    context.useCases.me(actor),
  ]);
  return {
    page,
    people,
    filters,
    currency: tenant.currency,
    title: deskWords(request, actor.locale)('admin:audit.page_title'),
  };
}

export default function Audit() {
  const { t } = useTranslation('admin');
  const { t: common } = useTranslation();
  const { page, people, filters, currency } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const [more, setMore] = useState<{ items: AuditEntry[]; nextCursor: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => setMore(null), [page]);
  useDocumentTitle(t('audit.page_title'));
  const set = (change: Partial<AuditFilters>): void => {
    void navigate({ search: auditSearchOf({ ...filters, ...change }) }, { replace: true, preventScrollReset: true });
  };
  useDeskScan({ onCode: (code) => set({ type: 'pallet', pallet: code }) });

  const entries = [...(page.items as AuditEntry[]), ...(more?.items ?? [])];
  const nextCursor = more === null ? page.nextCursor : more.nextCursor;
  const filtered = auditSearchOf(filters) !== '';
  const showMore = async (): Promise<void> => {
    setBusy(true);
    const query = new URLSearchParams({ ...auditQueryOf(filters), cursor: nextCursor ?? '' });
    const outcome = await readApi<{ items: AuditEntry[]; nextCursor: string | null }>(`/audit?${query.toString()}`);
    setBusy(false);
    setFailed(outcome.kind !== 'ok');
    if (outcome.kind !== 'ok') return;
    setMore({ items: [...(more?.items ?? []), ...outcome.value.items], nextCursor: outcome.value.nextCursor });
  };

  return (
    <>
      <PageHead title={t('audit.title')} />
      <div className={table.filters} role="search">
        <PalletSearch
          key={filters.pallet}
          value={filters.pallet ?? ''}
          set={(pallet) => set({ pallet, type: pallet === null ? filters.type : 'pallet' })}
        />
        <NativeSelect
          aria-label={t('audit.filter_entity')}
          value={filters.type ?? ''}
          onChange={({ currentTarget }) =>
            set({ type: auditEntities.find((type) => type === currentTarget.value) ?? null, pallet: null })
          }
          data={[
            { value: '', label: t('audit.any_entity') },
            ...auditEntities.map((type) => ({ value: type, label: t(`audit.entity.${type}`) })),
          ]}
        />
        <NativeSelect
          aria-label={t('audit.filter_person')}
          value={filters.person ?? ''}
          onChange={({ currentTarget }) => set({ person: currentTarget.value || null })}
          data={[
            { value: '', label: t('audit.anyone') },
            ...people.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <SavedFilters screen="audit" search={auditSearchOf(filters)} />
        <ExportButton to={`/audit/export${auditSearchOf(filters)}`} />
        {filtered && (
          <Button
            component={Link}
            to={{ search: '' }}
            replace
            variant="subtle"
            leftSection={<IconX size={16} aria-hidden />}
          >
            {t('audit.clear')}
          </Button>
        )}
      </div>
      {entries.length > 0 ? (
        <AuditTable entries={entries} currency={currency} />
      ) : filtered ? (
        <EmptyState icon={IconListSearch} title={t('audit.filtered_title')} text={t('audit.filtered_text')} />
      ) : (
        <EmptyState icon={IconHistory} title={t('audit.empty_title')} text={t('audit.empty_text')} />
      )}
      {nextCursor !== null && (
        <div className={table.more}>
          <Button variant="default" loading={busy} onClick={() => void showMore()}>
            {failed ? t('audit.more_failed') : common('more')}
          </Button>
        </div>
      )}
      {nextCursor === null && entries.length > 20 && <p className={table.end}>{t('audit.end')}</p>}
    </>
  );
}

function PalletSearch({ value, set }: { value: string; set(pallet: string | null): void }) {
  const { t } = useTranslation('admin');
  const [text, setText] = useState(value);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    set(text.trim() || null);
  };
  return (
    <form onSubmit={send}>
      <TextInput
        type="search"
        enterKeyHint="search"
        aria-label={t('audit.filter_pallet')}
        placeholder={t('audit.filter_pallet')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        maxLength={100}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={() => text.trim() !== value && set(text.trim() || null)}
      />
    </form>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
