import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { IconArrowUp, IconListSearch, IconReceipt, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SaleSummary } from '../../api/sales/schemas';
import { documentKinds } from '../../domain/till';
import { refreshApi } from '../components/desk/api';
import table from '../components/desk/DataTable.module.css';
import { given, queryTo } from '../components/desk/list-query';
import { InOrder } from '../components/desk/in-order';
import { LiveBadge } from '../components/desk/LiveBadge';
import { MorePages } from '../components/desk/MorePages';
import { datePresets } from '../components/desk/operation-query';
import classes from '../components/desk/Operations.module.css';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { SaleMarks } from '../components/desk/SaleMarks';
import { saleFiltersOf, type SaleFilters, saleQueryOf } from '../components/desk/sale-query';
import { SaleTabs } from '../components/desk/SaleTabs';
import { SearchField } from '../components/desk/SearchField';
import { SiteFilter } from '../components/desk/SiteFilter';
import { historyOf } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useFeed } from '../components/desk/useFeed';
import { type Page, usePages } from '../components/desk/usePages';
import { EmptyState } from '../components/EmptyState';
import { StateChip } from '../components/StateChip';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

/** A busy minute is one question, not a hundred. */
const gatherMs = 1_000;
const saleKinds: ReadonlySet<string> = new Set(['sale', 'void_sale', 'return_sale']);

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sales.read');
  const { useCases } = context;
  const filters = saleFiltersOf(new URL(request.url).searchParams);
  const timeZone = await useCases.timeZoneOf(actor);
  const query = saleQueryOf(filters, Date.now(), timeZone);
  const [page, sites, registers] = await Promise.all([
    useCases.listSales(actor, given(query)),
    useCases.listSites(actor),
    useCases.listRegisters(actor, {}),
  ]);
  const title = deskWords(request, actor.locale)('sales:page_title');
  return { page, query, filters, sites: sites.items, registers: registers.items, title };
}

export default function Sales() {
  const { t } = useTranslation('sales');
  const { page, query, filters, sites, registers } = useLoaderData<typeof loader>();
  const { set } = useAddress();
  const navigate = useNavigate();
  useDocumentTitle(t('page_title'));
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, filters.siteId)) });
  const list = usePages<SaleSummary>(
    page,
    (cursor) => queryTo('/sales', { ...query, cursor }),
    ({ id }) => id,
  );
  const [fresh, setFresh] = useState<SaleSummary[]>([]);
  useEffect(() => setFresh([]), [page]);
  const { patch, prepend } = list;
  const shown = useRef(list.items);
  shown.current = list.items;
  const path = queryTo('/sales', query);
  const [order] = useState(() => new InOrder());
  // Another list: what was asked of the one before is not of it.
  useEffect(() => order.renew(), [order, page]);
  const look = useGathered(
    useCallback(async () => {
      const isNewest = order.ask();
      const outcome = await refreshApi<Page<SaleSummary>>(path);
      if (outcome.kind !== 'ok' || !isNewest()) return;
      patch(outcome.value.items);
      const known = new Set(shown.current.map(({ id }) => id));
      const unknown = outcome.value.items.filter(({ id }) => !known.has(id));
      // Into an empty list at once; above rows that somebody reads only by wish.
      if (known.size === 0) prepend(unknown);
      else setFresh(unknown);
    }, [path, order, patch, prepend]),
  );
  useFeed({
    onChange: ({ kind, operationId, state }) => {
      if (!saleKinds.has(kind)) return;
      const row = shown.current.find((sale) => sale.operationId === operationId);
      if (row !== undefined) patch([{ ...row, state }]);
      look();
    },
    onReset: look,
  });

  const filtered = Object.values(filters).some((value) => value !== null);
  return (
    <>
      <PageHead title={t('title')} aside={<LiveBadge />} />
      <SaleTabs />
      <Filters filters={filters} sites={sites} registers={registers} filtered={filtered} set={set} />
      <div className={classes.rows}>
        {fresh.length > 0 && list.items.length > 0 && (
          <Button
            className={classes.fresh}
            radius="xl"
            leftSection={<IconArrowUp size={18} aria-hidden />}
            onClick={() => {
              prepend(fresh);
              setFresh([]);
              window.scrollTo({ top: 0 });
            }}
          >
            {t('fresh', { count: fresh.length })}
          </Button>
        )}
        {list.items.length > 0 ? (
          <SaleTable sales={list.items} />
        ) : filtered ? (
          <EmptyState icon={IconListSearch} title={t('filtered_title')} text={t('filtered_text')} />
        ) : (
          <EmptyState icon={IconReceipt} title={t('empty_title')} text={t('empty_text')} />
        )}
        <MorePages list={list} />
      </div>
      <span className="nv-hidden" role="status">
        {fresh.length > 0 ? t('fresh', { count: fresh.length }) : ''}
      </span>
    </>
  );
}

/** Runs once for all calls within a moment. */
function useGathered(work: () => Promise<void>): () => void {
  const timer = useRef<number | undefined>(undefined);
  const current = useRef(work);
  current.current = work;
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void current.current();
    }, gatherMs);
  }, []);
}

function Filters(props: {
  filters: SaleFilters;
  sites: { id: string; name: string }[];
  registers: { id: string; name: string; siteId: string }[];
  filtered: boolean;
  set(change: Record<string, string | null>): void;
}) {
  const { t } = useTranslation('sales');
  const { t: desk } = useTranslation('desk');
  const { filters, sites, registers, set } = props;
  const [choosing, setChoosing] = useState(false);
  const oneDay = filters.day !== null || choosing;
  const siteName = new Map(sites.map(({ id, name }) => [id, name]));
  const own = registers.filter(({ siteId }) => filters.siteId === null || siteId === filters.siteId);
  return (
    <div className={`${table.filters} ${rows.halves}`} role="search">
      <SearchField label={t('search')} value={filters.q} set={(q) => set({ q })} />
      <NativeSelect
        aria-label={desk('filter.date')}
        value={filters.date ?? (oneDay ? 'day' : '')}
        onChange={({ currentTarget }) => {
          setChoosing(currentTarget.value === 'day');
          set({ day: null, date: currentTarget.value === 'day' ? null : currentTarget.value });
        }}
        data={[
          { value: '', label: desk('filter.date_any') },
          ...datePresets.map((preset) => ({ value: preset, label: desk(`filter.date_${preset}`) })),
          { value: 'day', label: t('one_day') },
        ]}
      />
      {oneDay && (
        <TextInput
          type="date"
          aria-label={t('day')}
          value={filters.day ?? ''}
          onChange={({ currentTarget }) => set({ day: currentTarget.value || null, date: null })}
        />
      )}
      <SiteFilter sites={sites} value={filters.siteId} set={(siteId) => set({ siteId, registerId: null })} />
      {own.length > 1 && (
        <NativeSelect
          aria-label={t('register')}
          value={filters.registerId ?? ''}
          onChange={({ currentTarget }) => set({ registerId: currentTarget.value || null })}
          data={[
            { value: '', label: t('register_any') },
            ...own.map(({ id, name, siteId }) => ({
              value: id,
              label: filters.siteId === null && sites.length > 1 ? `${name} · ${siteName.get(siteId) ?? ''}` : name,
            })),
          ]}
        />
      )}
      <NativeSelect
        aria-label={desk('filter.kind')}
        value={filters.kind ?? ''}
        onChange={({ currentTarget }) => set({ kind: currentTarget.value || null })}
        data={[
          { value: '', label: t('kind_any') },
          ...documentKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) })),
        ]}
      />
      {props.filtered && (
        <Button
          component={Link}
          to={{ search: '' }}
          replace
          preventScrollReset
          variant="subtle"
          leftSection={<IconX size={16} aria-hidden />}
          onClick={() => setChoosing(false)}
        >
          {desk('filter.clear')}
        </Button>
      )}
    </div>
  );
}

function SaleTable({ sales }: { sales: readonly SaleSummary[] }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('document')}</th>
          <th scope="col">{t('site')}</th>
          <th scope="col">{t('cashier')}</th>
          <th scope="col">{t('customer')}</th>
          <th scope="col" className={rows.figure}>
            {t('total')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('when')}
          </th>
        </tr>
      </thead>
      <tbody>
        {sales.map((sale) => (
          <tr key={sale.id} className={`${rows.row} ${rows.pair}`}>
            <td className={table.tight}>
              <StateChip state={sale.state} />
            </td>
            <td className={rows.wide}>
              <div>
                <Link to={`/sales/${sale.id}`} className={rows.link} prefetch="intent">
                  {t('label', { register: sale.register.name, number: sale.number })}
                </Link>{' '}
                <SaleMarks sale={sale} />
              </div>
            </td>
            <td>{sale.site.name}</td>
            <td className={table.quiet}>{sale.cashier?.name ?? '–'}</td>
            <td className={`${table.quiet} ${rows.hide}`}>{sale.customer?.name ?? sale.customer?.email ?? '–'}</td>
            <td className={rows.figure} data-label={t('total')}>
              <strong>
                {sale.kind === 'sale' ? '' : '−'}
                {format.money(sale.total)}
              </strong>
            </td>
            <td className={rows.figure}>
              <time dateTime={sale.at}>{format.dateTime(sale.at)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
