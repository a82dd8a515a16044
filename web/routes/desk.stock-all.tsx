import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { IconBox, IconListSearch, IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsolidatedItem } from '../../api/stock/schemas';
import { Article } from '../components/desk/Article';
import table from '../components/desk/DataTable.module.css';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { SearchField } from '../components/desk/SearchField';
import { Silent } from '../components/desk/Silent';
import { historyOf, StockTabs } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useNow } from '../components/desk/useNow';
import { type Page, usePages } from '../components/desk/usePages';
import { usePolled } from '../components/desk/usePolled';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

const everyMs = 15_000;
type ConsolidatedPage = Page<ConsolidatedItem> & { asOf: string };
const keyOf = (item: ConsolidatedItem): string => item.variantId;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const q = filterOf(new URL(request.url).searchParams).text('q');
  const page: ConsolidatedPage = await context.useCases.listConsolidated(actor, given({ q }));
  return { page, q, at: Date.now(), title: deskWords(request, actor.locale)('stock:page_title') };
}

export default function StockOfAll() {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { page, q, at } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const { set } = useAddress();
  useDocumentTitle(t('page_title'));
  useDeskScan({ onCode: (code) => void navigate(historyOf(code)) });
  const list = usePages<ConsolidatedItem>(page, (cursor) => queryTo('/stock/consolidated', { q, cursor }), keyOf);
  const seen = usePolled<ConsolidatedPage>(queryTo('/stock/consolidated', { q }), { value: page, at }, everyMs);
  const { patch } = list;
  useEffect(() => patch(seen.value.items), [patch, seen.value]);
  const now = useNow(at, 5_000);
  return (
    <>
      <PageHead title={t('title')} />
      <StockTabs />
      <div className={table.filters} role="search">
        <SearchField label={t('search')} value={q} set={(next) => set({ q: next })} />
        <span className={table.mark} title={t('as_of_hint')}>
          <IconRefresh size={16} aria-hidden /> {t('as_of_ago', { ago: format.ago(seen.value.asOf, now) })}
        </span>
      </div>
      <Silent silent={seen.silent} at={seen.at} />
      {list.items.length > 0 ? (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('article')}</th>
              <th scope="col" className={rows.figure}>
                {t('on_hand_all')}
              </th>
              <th scope="col" className={rows.figure}>
                {t('held')}
              </th>
              <th scope="col" className={rows.figure}>
                {t('available')}
              </th>
              <th scope="col">{t('sites')}</th>
            </tr>
          </thead>
          <tbody>
            {list.items.map((item) => {
              const quantity = (value: string) => format.quantity(value, item.unit);
              return (
                <tr key={item.variantId} className={`${rows.row} ${rows.pair}`}>
                  <td>
                    <Link to={historyOf(item.sku)} className={rows.link} prefetch="intent">
                      <Article article={item} />
                    </Link>
                  </td>
                  <td className={rows.figure} data-label={t('on_hand_all')}>
                    {quantity(item.onHand)}
                  </td>
                  <td className={rows.figure} data-label={t('held')}>
                    {Number(item.held) === 0 ? <span className={table.quiet}>–</span> : quantity(item.held)}
                  </td>
                  <td
                    className={rows.figure}
                    data-label={t('available')}
                    data-tone={Number(item.available) <= 0 ? 'bad' : undefined}
                  >
                    <strong>{quantity(item.available)}</strong>
                  </td>
                  <td className={table.quiet}>{t('sites_count', { count: item.sites })}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : q !== null ? (
        <EmptyState icon={IconListSearch} title={t('filtered_title')} text={t('filtered_text')} />
      ) : (
        <EmptyState icon={IconBox} title={t('empty_title')} text={t('empty_text')} />
      )}
      <MorePages list={list} />
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
