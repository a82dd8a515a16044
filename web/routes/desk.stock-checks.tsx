import { Anchor } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FindingItem, ShortageItem } from '../../api/stock/schemas';
import { formatQuantity, quantityOf } from '../../domain/quantity';
import { Article } from '../components/desk/Article';
import table from '../components/desk/DataTable.module.css';
import { Card } from '../components/desk/Detail';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import page from '../components/desk/OperationDetail.module.css';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { SiteFilter } from '../components/desk/SiteFilter';
import { historyOf, StockTabs } from '../components/desk/StockTabs';
import stores from '../components/desk/Stores.module.css';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { type Pages, usePages } from '../components/desk/usePages';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const { useCases } = context;
  const siteId = filterOf(new URL(request.url).searchParams).id('siteId');
  const [shortages, findings, sites] = await Promise.all([
    useCases.listShortages(actor, given({ siteId })),
    useCases.listFindings(actor, given({ siteId })),
    useCases.listSites(actor),
  ]);
  return {
    shortages,
    findings,
    sites: sites.items,
    siteId,
    title: deskWords(request, actor.locale)('stock:checks.page_title'),
  };
}

export default function StockChecks() {
  const { t } = useTranslation('stock');
  const { shortages, findings, sites, siteId } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const { set } = useAddress();
  useDocumentTitle(t('checks.page_title'));
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, siteId)) });
  const short = usePages<ShortageItem>(
    shortages,
    (cursor) => queryTo('/stock/shortages', { siteId, cursor }),
    ({ id }) => id,
  );
  const found = usePages<FindingItem>(
    findings,
    (cursor) => queryTo('/stock/findings', { siteId, cursor }),
    ({ id }) => id,
  );
  return (
    <>
      <PageHead title={t('title')} />
      <StockTabs />
      {sites.length > 1 && (
        <div className={table.filters} role="search">
          <SiteFilter sites={sites} value={siteId} set={(next) => set({ siteId: next })} />
        </div>
      )}
      <div className={page.main}>
        <Card title={t('checks.shortages')} {...(short.items.length > 0 && { count: short.items.length })}>
          {short.items.length === 0 ? <Fine words={t('checks.no_shortages')} /> : <Shortages list={short} />}
        </Card>
        <Card title={t('checks.findings')}>
          <p className={stores.hint}>{t('checks.findings_text')}</p>
          {found.items.length === 0 ? <Fine words={t('checks.no_findings')} /> : <Findings list={found} />}
        </Card>
      </div>
    </>
  );
}

function Fine({ words }: { words: string }) {
  return (
    <p className={table.mark} data-tone="good" style={{ margin: 0, whiteSpace: 'normal' }}>
      <IconCircleCheck size={20} aria-hidden /> {words}
    </p>
  );
}

function Shortages({ list }: { list: Pages<ShortageItem> }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  return (
    <>
      <p className={stores.hint}>{t('checks.shortages_text')}</p>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('article')}</th>
            <th scope="col">{t('site')}</th>
            <th scope="col" className={rows.figure}>
              {t('on_hand')}
            </th>
            <th scope="col" className={rows.figure}>
              {t('held')}
            </th>
            <th scope="col" className={rows.figure}>
              {t('checks.missing')}
            </th>
            <th scope="col">{t('checks.since')}</th>
            <th scope="col">
              <span className="nv-hidden">{t('checks.attend')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.items.map((shortage) => (
            <tr key={shortage.id} className={rows.pair}>
              <td>
                <Article article={shortage} />
              </td>
              <td className={rows.wide} data-label={t('site')}>
                {shortage.site}
              </td>
              <td className={rows.figure} data-label={t('on_hand')}>
                {format.quantity(shortage.onHand, shortage.unit)}
              </td>
              <td className={rows.figure} data-label={t('held')}>
                {format.quantity(shortage.held, shortage.unit)}
              </td>
              <td className={rows.figure} data-label={t('checks.missing')} data-tone="bad">
                {format.quantity(formatQuantity(-quantityOf(shortage.available)), shortage.unit)}
              </td>
              <td data-label={t('checks.since')}>{format.dateTime(shortage.openedAt)}</td>
              <td>
                <Anchor component={Link} to={historyOf(shortage.sku, shortage.siteId)}>
                  {t('checks.attend')}
                </Anchor>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MorePages list={list} />
    </>
  );
}

function Findings({ list }: { list: Pages<FindingItem> }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  return (
    <>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('article')}</th>
            <th scope="col">{t('site')}</th>
            <th scope="col">{t('checks.which')}</th>
            <th scope="col" className={rows.figure}>
              {t('checks.found')}
            </th>
            <th scope="col" className={rows.figure}>
              {t('checks.expected')}
            </th>
            <th scope="col">{t('checks.when')}</th>
          </tr>
        </thead>
        <tbody>
          {list.items.map((finding) => (
            <tr key={finding.id} className={`${rows.row} ${rows.pair}`}>
              <td>
                <Link to={historyOf(finding.sku, finding.siteId)} className={rows.link}>
                  <Article article={finding} />
                </Link>
              </td>
              <td data-label={t('site')}>{finding.site}</td>
              <td>{t(`checks.kind.${finding.kind}`)}</td>
              <td className={rows.figure} data-label={t('checks.found')}>
                {format.quantity(finding.found)}
              </td>
              <td className={rows.figure} data-label={t('checks.expected')}>
                {format.quantity(finding.expected)}
              </td>
              <td>
                <div>
                  {format.dateTime(finding.at)}
                  <span className={table.block}>
                    {finding.repairedAt === null ? (
                      <span className={rows.tag} data-tone="bad">
                        {t('checks.open')}
                      </span>
                    ) : (
                      <span className={table.mark} data-tone="good">
                        <IconCircleCheck size={15} aria-hidden />
                        {t('checks.repaired', { when: format.dateTime(finding.repairedAt) })}
                      </span>
                    )}
                  </span>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MorePages list={list} />
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
