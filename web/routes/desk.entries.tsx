import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconTruckDelivery } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EntryItem } from '../../api/stock/schemas';
import { can, seesCost } from '../../domain/access';
import table from '../components/desk/DataTable.module.css';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { SiteFilter } from '../components/desk/SiteFilter';
import { historyOf, StockTabs } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { usePages } from '../components/desk/usePages';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const siteId = filterOf(new URL(request.url).searchParams).id('siteId');
  const [page, sites] = await Promise.all([
    context.useCases.listEntries(actor, given({ siteId })),
    context.useCases.listSites(actor),
  ]);
  return { page, sites: sites.items, siteId, title: deskWords(request, actor.locale)('stock:entries.page_title') };
}

export default function Entries() {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { page, sites, siteId } = useLoaderData<typeof loader>();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const navigate = useNavigate();
  const { set } = useAddress();
  useDocumentTitle(t('entries.page_title'));
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, siteId)) });
  const list = usePages<EntryItem>(
    page,
    (cursor) => queryTo('/stock/entries', { siteId, cursor }),
    ({ id }) => id,
  );
  const withCost = user != null && seesCost(user);
  const create = user != null && can(user, 'stock.write') && (
    <Button
      component={Link}
      to={queryTo('/entries/new', { siteId })}
      leftSection={<IconTruckDelivery size={18} aria-hidden />}
    >
      {t('entries.new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} aside={create} />
      <StockTabs />
      {sites.length > 1 && (
        <div className={table.filters} role="search">
          <SiteFilter sites={sites} value={siteId} set={(next) => set({ siteId: next })} />
        </div>
      )}
      {list.items.length > 0 ? (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('tab.entries')}</th>
              <th scope="col">{t('site')}</th>
              <th scope="col">{t('entries.supplier')}</th>
              <th scope="col">{t('entries.when')}</th>
              <th scope="col">{t('entries.who')}</th>
              <th scope="col" className={rows.figure}>
                {t('entries.lines')}
              </th>
              {withCost && (
                <th scope="col" className={rows.figure}>
                  {t('entries.cost')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {list.items.map((entry) => (
              <tr key={entry.id} className={`${rows.row} ${rows.pair}`}>
                <td>
                  <Link to={`/entries/${entry.id}`} className={rows.link} prefetch="intent">
                    {t('entries.number', { number: entry.number })}
                  </Link>
                </td>
                <td>{entry.site.name}</td>
                <td>
                  <div>
                    {entry.supplier ?? <span className={table.quiet}>–</span>}
                    {entry.reference !== null && (
                      <span className={`${table.block} ${table.quiet}`}>{entry.reference}</span>
                    )}
                  </div>
                </td>
                <td>{format.dateTime(entry.createdAt)}</td>
                <td className={table.quiet}>{entry.createdBy.name}</td>
                <td className={rows.figure} data-label={t('entries.lines')}>
                  {format.number(entry.lineCount)}
                </td>
                {entry.totalCost !== null && (
                  <td className={rows.figure} data-label={t('entries.cost')}>
                    <strong>{format.money(entry.totalCost)}</strong>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <EmptyState
          icon={IconTruckDelivery}
          title={t('entries.empty_title')}
          text={t('entries.empty_text')}
          action={create}
        />
      )}
      <MorePages list={list} />
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
