import { Button, Switch } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconBox, IconListSearch, IconMoodSmile, IconTruckDelivery, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { LevelItem } from '../../api/stock/schemas';
import { can } from '../../domain/access';
import { Article } from '../components/desk/Article';
import table from '../components/desk/DataTable.module.css';
import { LevelTag } from '../components/desk/LevelTag';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { SearchField } from '../components/desk/SearchField';
import { Silent } from '../components/desk/Silent';
import { SiteFilter } from '../components/desk/SiteFilter';
import { limitsOf, markOf } from '../components/desk/stock-level';
import { historyOf, StockTabs } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { type Page, usePages } from '../components/desk/usePages';
import { usePolled } from '../components/desk/usePolled';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

const everyMs = 10_000;
const keyOf = (level: LevelItem): string => `${level.siteId}/${level.variantId}`;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

const filtersOf = (params: URLSearchParams) => {
  const filter = filterOf(params);
  return { siteId: filter.id('siteId'), q: filter.text('q'), low: filter.flag('low') };
};

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const { siteId, q, low } = filtersOf(new URL(request.url).searchParams);
  const [page, sites] = await Promise.all([
    context.useCases.listStock(actor, given({ siteId, q, low: low || null })),
    context.useCases.listSites(actor),
  ]);
  const title = deskWords(request, actor.locale)('stock:page_title');
  return { page, sites: sites.items, filters: { siteId, q, low }, at: Date.now(), title };
}

export default function Stock() {
  const { t } = useTranslation('stock');
  const { t: desk } = useTranslation('desk');
  const { page, sites, filters, at } = useLoaderData<typeof loader>();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const navigate = useNavigate();
  const { set } = useAddress();
  useDocumentTitle(t('page_title'));
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, filters.siteId)) });

  const path = queryTo('/stock', { ...filters, low: filters.low ? 'true' : null });
  const list = usePages<LevelItem>(
    page,
    (cursor) => queryTo('/stock', { ...filters, low: filters.low || null, cursor }),
    keyOf,
  );
  const seen = usePolled<Page<LevelItem>>(path, { value: page, at }, everyMs);
  const { patch } = list;
  useEffect(() => patch(seen.value.items), [patch, seen.value]);

  const filtered = filters.siteId !== null || filters.q !== null || filters.low;
  const mayWrite = user != null && can(user, 'stock.write');
  return (
    <>
      <PageHead title={t('title')} />
      <StockTabs />
      <div className={table.filters} role="search">
        <SearchField label={t('search')} value={filters.q} set={(q) => set({ q })} />
        <SiteFilter sites={sites} value={filters.siteId} set={(siteId) => set({ siteId })} />
        <Switch
          label={t('low_only')}
          checked={filters.low}
          onChange={({ currentTarget }) => set({ low: currentTarget.checked ? '1' : null })}
        />
        {filtered && (
          <Button
            component={Link}
            to={{ search: '' }}
            replace
            preventScrollReset
            variant="subtle"
            leftSection={<IconX size={16} aria-hidden />}
          >
            {desk('filter.clear')}
          </Button>
        )}
      </div>
      <Silent silent={seen.silent} at={seen.at} />
      {list.items.length > 0 ? (
        <Levels levels={list.items} site={filters.siteId} many={sites.length > 1 && filters.siteId === null} />
      ) : filters.low && filters.q === null ? (
        <EmptyState icon={IconMoodSmile} title={t('none_low_title')} text={t('none_low_text')} />
      ) : filtered ? (
        <EmptyState icon={IconListSearch} title={t('filtered_title')} text={t('filtered_text')} />
      ) : (
        <EmptyState
          icon={IconBox}
          title={t('empty_title')}
          text={t('empty_text')}
          action={
            mayWrite && (
              <Button
                component={Link}
                to="/entries/new"
                size="md"
                leftSection={<IconTruckDelivery size={20} aria-hidden />}
              >
                {t('entries.new')}
              </Button>
            )
          }
        />
      )}
      <MorePages list={list} />
    </>
  );
}

function Levels({ levels, site, many }: { levels: LevelItem[]; site: string | null; many: boolean }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('article')}</th>
          {many && <th scope="col">{t('site')}</th>}
          <th scope="col">{t('location')}</th>
          <th scope="col" className={rows.figure}>
            {t('on_hand')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('held')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('available')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('limits')}
          </th>
        </tr>
      </thead>
      <tbody>
        {levels.map((level) => {
          const mark = markOf(level);
          const quantity = (value: string) => format.quantity(value, level.unit);
          return (
            <tr key={keyOf(level)} className={`${rows.row} ${rows.pair}`}>
              <td>
                <Link to={historyOf(level.sku, site ?? level.siteId)} className={rows.link} prefetch="intent">
                  <Article article={level} />
                </Link>
                {mark !== null && <LevelTag mark={mark} />}
              </td>
              {many && (
                <td className={rows.wide} data-label={t('site')}>
                  {level.site}
                </td>
              )}
              <td className={`${table.quiet} ${rows.hide}`}>{level.location.name}</td>
              <td className={rows.figure} data-label={t('on_hand')}>
                {quantity(level.onHand)}
              </td>
              <td className={rows.figure} data-label={t('held')}>
                {Number(level.held) === 0 ? <span className={table.quiet}>–</span> : quantity(level.held)}
              </td>
              <td
                className={rows.figure}
                data-label={t('available')}
                data-tone={Number(level.available) <= 0 ? 'bad' : undefined}
              >
                <strong>{quantity(level.available)}</strong>
              </td>
              <td className={`${rows.figure} ${table.quiet}`} data-label={t('limits')}>
                {limitsOf(level, format)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
