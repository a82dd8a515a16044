import { Button, NativeSelect } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useBeforeUnload, useLoaderData, useNavigate, useNavigation, useRouteLoaderData } from '@remix-run/react';
import { IconArrowsExchange, IconCircleCheck, IconSearch } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PriceView } from '../../api/prices/queries';
import { can } from '../../domain/access';
import type { OperationDetail } from '../../domain/operation';
import { parseAmount } from '../../domain/product-import';
import { useAnnounceChange } from '../components/desk/Announcer';
import { readApi } from '../components/desk/api';
import table from '../components/desk/DataTable.module.css';
import { ClearFilters } from '../components/desk/FilterBar';
import { notFoundAs404 } from '../components/desk/loading.server';
import { MorePages } from '../components/desk/MorePages';
import rows from '../components/desk/Operations.module.css';
import { PageHead } from '../components/desk/PageHead';
import { ProblemNote } from '../components/desk/ProblemNote';
import { PriceSyncForm } from '../components/desk/products/PriceSyncForm';
import { PriceTable } from '../components/desk/products/PriceTable';
import classes from '../components/desk/products/PriceTable.module.css';
import { CategorySelect } from '../components/desk/products/ProductFilterBar';
import {
  noProductFilters,
  type ProductFilters,
  productFiltersOf,
  productQueryOf,
  productSearchOf,
} from '../components/desk/products/product-query';
import { ProductTabs } from '../components/desk/products/ProductTabs';
import { Run } from '../components/desk/products/Run';
import { SearchField } from '../components/desk/SearchField';
import { SidePanel } from '../components/desk/SidePanel';
import { deskWords } from '../components/desk/title.server';
import { useCommand } from '../components/desk/useCommand';
import { useDeskScan } from '../components/desk/useDeskScan';
import { forgetPages } from '../components/desk/useKeptPages';
import { usePages } from '../components/desk/usePages';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

/** Copies of prices that are shown. */
const mostSyncs = 3;
/** As many as one command takes. */
const mostPrices = 1_000;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'products.read');
  const { useCases } = context;
  const filters: ProductFilters = { ...productFiltersOf(new URL(request.url).searchParams), state: null };
  const [page, sites, categories, syncs] = await Promise.all([
    notFoundAs404(() => useCases.listPrices(actor, productQueryOf(filters))),
    useCases.listSites(actor),
    useCases.listCategories(actor),
    can(actor, 'operations.read')
      ? useCases.listOperations(actor, { kind: 'sync_prices', limit: mostSyncs })
      : { items: [] },
  ]);
  const operations: OperationDetail[] = await Promise.all(
    syncs.items.map(({ id }) => useCases.getOperation(actor, id)),
  );
  return {
    page,
    filters,
    sites: sites.items,
    categories: categories.items.map(({ name }) => name),
    operations,
    title: deskWords(request, actor.locale)('products:prices.page_title'),
  };
}

export default function Prices() {
  const { t } = useTranslation('products');
  const data = useLoaderData<typeof loader>();
  const { filters } = data;
  const user = useRouteLoaderData<RootData>('root')?.user;
  const format = useFormat();
  const navigate = useNavigate();
  const [syncing, setSyncing] = useState(false);
  const [started, setStarted] = useState<OperationDetail[]>([]);
  useDocumentTitle(t('prices.page_title'));
  const set = (change: Partial<ProductFilters>): void => {
    void navigate({ search: productSearchOf({ ...filters, ...change }) }, { replace: true, preventScrollReset: true });
  };
  useDeskScan({ busy: syncing, onCode: (code) => set({ ...noProductFilters, siteId: filters.siteId, q: code }) });
  const mayWrite = user != null && can(user, 'prices.write');
  const operations = [...started, ...data.operations.filter(({ id }) => started.every((one) => one.id !== id))];

  const follow = async (operationId: string): Promise<void> => {
    setSyncing(false);
    const outcome = await readApi<OperationDetail>(`/operations/${operationId}`);
    if (outcome.kind === 'ok') setStarted((before) => [outcome.value, ...before]);
  };

  return (
    <>
      <PageHead
        title={t('prices.title')}
        aside={
          mayWrite && (
            <Button
              variant="light"
              leftSection={<IconArrowsExchange size={18} aria-hidden />}
              onClick={() => setSyncing(true)}
            >
              {t('prices.sync')}
            </Button>
          )
        }
      />
      <ProductTabs />
      {operations.length > 0 && (
        <section className={`${classes.syncs} nv-no-print`} aria-labelledby="syncs">
          <h2 id="syncs">{t('prices.sync_recent')}</h2>
          {operations.slice(0, mostSyncs).map((operation) => (
            <Run key={operation.id} loaded={operation}>
              {operation.subject?.label ?? ''}{' '}
              {operation.subject !== null && (
                <span className={table.quiet}>
                  {t('prices.sync_count', {
                    count: operation.subject.count,
                    n: format.number(operation.subject.count),
                  })}{' '}
                  · <time dateTime={operation.createdAt}>{format.dateTime(operation.createdAt)}</time>
                </span>
              )}
            </Run>
          ))}
        </section>
      )}
      <div className={table.filters} role="search">
        <NativeSelect
          aria-label={t('prices.of')}
          value={filters.siteId ?? ''}
          onChange={({ currentTarget }) => set({ siteId: currentTarget.value || null })}
          data={[
            { value: '', label: t('prices.business') },
            ...data.sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <SearchField className={classes.search} label={t('search')} value={filters.q} set={(q) => set({ q })} />
        <CategorySelect
          categories={data.categories}
          value={filters.category}
          set={(category) => set({ category })}
          label={t('category')}
        />
      </div>
      <p className={classes.hint}>
        {mayWrite ? t(filters.siteId === null ? 'prices.business_hint' : 'prices.site_hint') : t('prices.read_only')}
      </p>
      {/* What was written is of one site. */}
      <PriceList key={filters.siteId ?? ''} data={data} mayWrite={mayWrite} />
      <SidePanel opened={syncing} onClose={() => setSyncing(false)} title={t('prices.sync_title')}>
        <PriceSyncForm
          sites={data.sites}
          categories={data.categories}
          from={filters.siteId}
          onStarted={(id) => void follow(id)}
          onClose={() => setSyncing(false)}
        />
      </SidePanel>
    </>
  );
}

/** The rows, and what was written over them until it is saved: all at once, or none. */
function PriceList({ data, mayWrite }: { data: Awaited<ReturnType<typeof loader>>; mayWrite: boolean }) {
  const { t } = useTranslation('products');
  const { filters } = data;
  const { siteId } = filters;
  const list = usePages<PriceView>(
    data.page,
    (cursor) => {
      const params = new URLSearchParams({ ...productQueryOf(filters), cursor });
      return `/prices?${params.toString()}`;
    },
    ({ variantId }) => variantId,
  );
  const [drafts, setDrafts] = useState<ReadonlyMap<string, { row: PriceView; text: string }>>(new Map());
  const [said, setSaid] = useState('');
  const { run, busy, problem, clear } = useCommand();
  const announced = useAnnounceChange(said);
  const changing = useNavigation().location?.pathname === '/prices';
  useBeforeUnload(
    useCallback(
      (event: BeforeUnloadEvent) => {
        if (drafts.size > 0) event.preventDefault();
      },
      [drafts.size],
    ),
  );

  const ofRow = (row: PriceView) => (siteId === null ? row.price : row.sitePrice);
  const read = ({ row, text }: { row: PriceView; text: string }): number | null | undefined => {
    if (text.trim() === '') return siteId === null ? undefined : null;
    return parseAmount(text, row.price.currency) ?? undefined;
  };
  const set = (row: PriceView, text: string): void => {
    setSaid('');
    const amount = read({ row, text });
    const next = new Map(drafts);
    // What is as it was is no change.
    if (amount !== undefined && amount === (ofRow(row)?.amount ?? null)) next.delete(row.variantId);
    else next.set(row.variantId, { row, text });
    setDrafts(next);
  };
  const asked = [...drafts.values()].map((draft) => ({ ...draft, price: read(draft) }));
  const bad = new Set(asked.filter(({ price }) => price === undefined).map(({ row }) => row.variantId));

  const save = async (): Promise<void> => {
    const items = asked.map(({ row, price }) => ({ sku: row.sku, price: price ?? null }));
    const outcome = await run<{ changed: number }>({ method: 'POST', path: '/prices', body: { siteId, items } });
    if (outcome.kind !== 'ok') return;
    const saved = new Map(asked.map(({ row, price }) => [row.variantId, price ?? null]));
    list.patch(list.items.map((row) => withPrice(row, siteId, saved)));
    setSaid(t('prices.saved', { count: items.length }));
    setDrafts(new Map());
    forgetPages();
  };
  const drop = (): void => {
    setDrafts(new Map());
    clear();
  };

  return (
    <>
      {announced}
      {said !== '' && (
        <p className={classes.said}>
          <IconCircleCheck size={18} aria-hidden /> {said}
        </p>
      )}
      <div className={rows.rows} aria-busy={changing} data-changing={changing}>
        {list.items.length === 0 ? (
          <EmptyState
            icon={IconSearch}
            title={t('empty.filtered_title')}
            text={t('empty.filtered_text')}
            action={<ClearFilters />}
          />
        ) : (
          <PriceTable
            rows={list.items}
            ofSite={siteId !== null}
            drafts={mayWrite ? new Map([...drafts].map(([id, { text }]) => [id, text])) : null}
            bad={bad}
            set={set}
          />
        )}
        <MorePages list={list} />
      </div>
      {drafts.size > 0 && (
        <div className={classes.bar} role="group" aria-label={t('prices.save')}>
          <span className={classes.count}>
            {t('prices.changed', { count: drafts.size })}
            {bad.size > 0 && <span className={classes.wrong}>{t('prices.bad', { count: bad.size })}</span>}
            {drafts.size > mostPrices && <span className={classes.wrong}>{t('prices.most')}</span>}
          </span>
          {problem !== null && <ProblemNote problem={problem} />}
          <Button variant="default" size="md" onClick={drop}>
            {t('prices.drop')}
          </Button>
          <Button
            size="md"
            loading={busy !== null}
            disabled={bad.size > 0 || drafts.size > mostPrices}
            onClick={() => void save()}
          >
            {t('prices.save')}
          </Button>
        </div>
      )}
    </>
  );
}

/** The row as it is once its price is saved. */
function withPrice(row: PriceView, siteId: string | null, saved: ReadonlyMap<string, number | null>): PriceView {
  const amount = saved.get(row.variantId);
  if (amount === undefined) return row;
  const price = amount === null ? null : { amount, currency: row.price.currency };
  if (siteId === null) return price === null ? row : { ...row, price, businessPrice: price };
  return { ...row, sitePrice: price, price: price ?? row.businessPrice };
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
