import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRevalidator, useRouteLoaderData } from '@remix-run/react';
import { IconAdjustments, IconArrowLeft, IconBarcodeOff, IconHistory } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LevelItem, MovementItem } from '../../api/stock/schemas';
import { can } from '../../domain/access';
import { formatQuantity, quantityOf } from '../../domain/quantity';
import { AdjustForm } from '../components/desk/AdjustForm';
import { articleName } from '../components/desk/article-name';
import table from '../components/desk/DataTable.module.css';
import { Card, DetailHead } from '../components/desk/Detail';
import { LevelTag } from '../components/desk/LevelTag';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import { Movements } from '../components/desk/Movements';
import page from '../components/desk/OperationDetail.module.css';
import rows from '../components/desk/Rows.module.css';
import { Said } from '../components/desk/Said';
import { SidePanel } from '../components/desk/SidePanel';
import { Silent } from '../components/desk/Silent';
import { SiteFilter } from '../components/desk/SiteFilter';
import { limitsOf, markOf } from '../components/desk/stock-level';
import { historyOf } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { type Page, usePages } from '../components/desk/usePages';
import { usePolled } from '../components/desk/usePolled';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

const everyMs = 5_000;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const { useCases } = context;
  const asked = (params['sku'] ?? '').slice(0, 64);
  const siteId = filterOf(new URL(request.url).searchParams).id('siteId');
  const words = deskWords(request, actor.locale);
  const sites = (await useCases.listSites(actor)).items;
  try {
    const article = await useCases.stockBySite(actor, { sku: asked });
    const { sku } = article;
    const [levels, movements] = await Promise.all([
      useCases.listStock(actor, { sku, limit: 200 }),
      useCases.listMovements(actor, sku, given({ siteId })),
    ]);
    const { name, unit, size, colour } = article;
    return {
      article: { sku, name: articleName({ name, size, colour }), unit },
      levels,
      movements,
      sites,
      siteId,
      asked,
      at: Date.now(),
      title: words('stock:history.page_title', { name }),
    };
  } catch (error) {
    // By its code, not its class: the server and this build each have their own copy of the class.
    if (!(error instanceof Error && 'code' in error && error.code === 'not_found')) throw error;
    const title = words('stock:page_title');
    return { article: null, levels: null, movements: null, sites, siteId, asked, at: Date.now(), title };
  }
}

/** The form is in the address too; that is no reason to ask again. */
export function shouldRevalidate({
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
}: {
  currentUrl: URL;
  nextUrl: URL;
  defaultShouldRevalidate: boolean;
}) {
  const of = (url: URL): string => `${url.pathname} ${url.searchParams.get('siteId') ?? ''}`;
  return currentUrl.href === nextUrl.href ? defaultShouldRevalidate : of(currentUrl) !== of(nextUrl);
}

export default function StockHistory() {
  const { t } = useTranslation('stock');
  const data = useLoaderData<typeof loader>();
  if (data.article === null)
    return (
      <EmptyState
        icon={IconBarcodeOff}
        title={t('pick.unknown', { code: data.asked })}
        text={t('filtered_text')}
        action={
          <Button component={Link} to="/stock" variant="default" leftSection={<IconArrowLeft size={18} aria-hidden />}>
            {t('history.back')}
          </Button>
        }
      />
    );
  const { article, levels, movements, sites, siteId, at } = data;
  return <History key={article.sku} {...{ article, levels, movements, sites, siteId, at }} />;
}

function History(props: {
  article: { sku: string; name: string; unit: string };
  levels: Page<LevelItem>;
  movements: Page<MovementItem>;
  sites: { id: string; name: string }[];
  siteId: string | null;
  at: number;
}) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { article, sites, siteId, at } = props;
  const { sku, unit } = article;
  const user = useRouteLoaderData<RootData>('root')?.user;
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  const { params, set } = useAddress();
  const [said, setSaid] = useState('');
  useDocumentTitle(t('history.page_title', { name: article.name }));
  const mayWrite = user != null && can(user, 'stock.write');
  const open = mayWrite && params.has('adjust');
  useDeskScan({ busy: open, onCode: (code) => void navigate(historyOf(code, siteId)) });

  const path = `/stock/${encodeURIComponent(sku)}/movements`;
  const list = usePages<MovementItem>(
    props.movements,
    (cursor) => queryTo(path, { siteId, cursor }),
    ({ id }) => id,
  );
  const fresh = usePolled<Page<MovementItem>>(queryTo(path, { siteId }), { value: props.movements, at }, everyMs);
  const levels = usePolled<Page<LevelItem>>(
    queryTo('/stock', { sku, limit: 200 }),
    { value: props.levels, at },
    everyMs,
  ).value.items;
  const { prepend } = list;
  useEffect(() => prepend(fresh.value.items), [prepend, fresh.value]);

  return (
    <div className={page.page}>
      <DetailHead back={{ to: '/stock', label: t('history.back') }} title={article.name} number={sku}>
        {mayWrite && (
          <Button leftSection={<IconAdjustments size={18} aria-hidden />} onClick={() => set({ adjust: '1' })}>
            {t('adjust.button')}
          </Button>
        )}
      </DetailHead>
      <Said words={said} />
      <Silent silent={fresh.silent} at={fresh.at} />
      <div className={page.main}>
        <Card title={t('history.by_site')}>
          {levels.length === 0 ? (
            <p className={page.quiet}>{t('history.not_carried')}</p>
          ) : (
            <BySite levels={levels} unit={unit} />
          )}
        </Card>
        <Card
          title={t('history.title')}
          aside={<SiteFilter sites={sites} value={siteId} set={(next) => set({ siteId: next })} />}
        >
          {list.items.length === 0 ? (
            <EmptyState icon={IconHistory} title={t('history.empty_title')} text={t('history.empty_text')} />
          ) : (
            <Movements movements={list.items} unit={unit} many={siteId === null && sites.length > 1} />
          )}
          <MorePages list={list} />
        </Card>
      </div>
      <SidePanel opened={open} onClose={() => set({ adjust: null })} title={t('adjust.title')}>
        <AdjustForm
          article={article}
          sites={sites}
          levels={levels}
          siteId={siteId}
          onDone={(done) => {
            setSaid(t('adjust.done', { name: article.name, quantity: format.quantity(done.onHand, unit) }));
            set({ adjust: null });
            void revalidate();
          }}
          onClose={() => set({ adjust: null })}
        />
      </SidePanel>
    </div>
  );
}

function BySite({ levels, unit }: { levels: LevelItem[]; unit: string }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const quantity = (value: string) => format.quantity(value, unit);
  const total = (of: 'onHand' | 'held' | 'available'): string =>
    quantity(formatQuantity(levels.reduce((sum, level) => sum + quantityOf(level[of]), 0)));
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('site')}</th>
          <th scope="col">{t('location')}</th>
          {(['on_hand', 'held', 'available'] as const).map((name) => (
            <th key={name} scope="col" className={rows.figure}>
              {t(name)}
            </th>
          ))}
          <th scope="col" className={rows.figure}>
            {t('limits')}
          </th>
        </tr>
      </thead>
      <tbody>
        {levels.map((level) => {
          const mark = markOf(level);
          return (
            <tr key={level.siteId} className={rows.pair}>
              <td>
                <span className={table.strong}>{level.site}</span> {mark !== null && <LevelTag mark={mark} />}
              </td>
              <td className={`${table.quiet} ${rows.hide}`}>{level.location.name}</td>
              <td className={rows.figure} data-label={t('on_hand')}>
                {quantity(level.onHand)}
              </td>
              <td className={rows.figure} data-label={t('held')}>
                {quantity(level.held)}
              </td>
              <td className={rows.figure} data-label={t('available')}>
                <strong>{quantity(level.available)}</strong>
              </td>
              <td className={`${rows.figure} ${table.quiet}`} data-label={t('limits')}>
                {limitsOf(level, format)}
              </td>
            </tr>
          );
        })}
        {levels.length > 1 && (
          <tr className={`${rows.foot} ${rows.pair}`}>
            <td>{t('history.total')}</td>
            <td className={rows.hide} />
            <td className={rows.figure} data-label={t('on_hand')}>
              {total('onHand')}
            </td>
            <td className={rows.figure} data-label={t('held')}>
              {total('held')}
            </td>
            <td className={rows.figure} data-label={t('available')}>
              {total('available')}
            </td>
            <td className={rows.hide} />
          </tr>
        )}
      </tbody>
    </table>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
