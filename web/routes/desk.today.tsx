import { ActionIcon, Anchor, Button, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import {
  IconAlertTriangle,
  IconArrowDown,
  IconArrowUp,
  IconChevronLeft,
  IconChevronRight,
  IconCircleCheck,
  IconReceipt,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Today as TodaySums } from '../../api/sales/schemas';
import type { LevelItem } from '../../api/stock/schemas';
import { can } from '../../domain/access';
import type { OperationSummary } from '../../domain/operation';
import { articleName } from '../components/desk/article-name';
import { HourColumns, RankBars } from '../components/desk/DayChart';
import { hoursOf, soldBy } from '../components/desk/day-sums';
import { addDays, dayOf } from '../components/desk/days';
import { Card } from '../components/desk/Detail';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { shortSentence } from '../components/desk/sentence';
import { Silent } from '../components/desk/Silent';
import { SiteFilter } from '../components/desk/SiteFilter';
import { historyOf } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import classes from '../components/desk/Today.module.css';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useNow } from '../components/desk/useNow';
import type { Page } from '../components/desk/usePages';
import { usePolled } from '../components/desk/usePolled';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

const everyMs = 10_000;
const never = 2_000_000_000;
const mostShown = 6;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'reports.read');
  const { useCases } = context;
  const filter = filterOf(new URL(request.url).searchParams);
  const [sites, timeZone] = await Promise.all([useCases.listSites(actor), useCases.timeZoneOf(actor)]);
  const siteId = sites.items.find(({ id }) => id === filter.id('siteId'))?.id ?? null;
  const now = Date.now();
  const today = dayOf(now, timeZone);
  const date = filter.day('date') ?? today;
  const none = { items: [], nextCursor: null };
  const [sums, before, low, attention, counts]: [
    TodaySums,
    TodaySums,
    Page<LevelItem>,
    Page<OperationSummary>,
    { needs_attention: number } | null,
  ] = await Promise.all([
    useCases.sumToday(actor, given({ siteId, date })),
    useCases.sumToday(actor, given({ siteId, date: addDays(date, -7) })),
    can(actor, 'stock.read') ? useCases.listStock(actor, given({ siteId, low: true, limit: mostShown })) : none,
    can(actor, 'operations.read')
      ? useCases.listOperations(actor, { state: 'needs_attention', limit: mostShown, ...given({ siteId }) })
      : none,
    can(actor, 'operations.read') ? useCases.countOperations(actor) : null,
  ]);
  return {
    sites: sites.items,
    siteId,
    date,
    today,
    timeZone,
    now,
    sums,
    before,
    low,
    attention,
    // They are counted for all sites together.
    waiting: siteId === null ? (counts?.needs_attention ?? 0) : attention.items.length,
    title: deskWords(request, actor.locale)('sales:today.page_title'),
  };
}

export default function Today() {
  const { t } = useTranslation('sales');
  const { t: common } = useTranslation();
  const format = useFormat();
  const data = useLoaderData<typeof loader>();
  const { sites, siteId, date, today, timeZone, before } = data;
  const { set } = useAddress();
  const navigate = useNavigate();
  useDocumentTitle(t('today.page_title'));
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, siteId)) });
  const isToday = date === today;
  const seen = usePolled<TodaySums>(
    queryTo('/today', { siteId, date }),
    { value: data.sums, at: data.now },
    isToday ? everyMs : never,
  );
  const now = useNow(data.now, 30_000);
  const sums = seen.value;
  const { currency } = sums.totals.sales;
  const clock = isToday ? clockOf(now, timeZone) : null;
  const past = clock === null ? before.totals : totalsOf(soldBy(before.byHour, clock), currency);
  const weekday = format.weekday(date);
  const go = (day: string): void => set({ date: day === today ? null : day });
  return (
    <>
      <PageHead
        title={t(isToday ? 'today.title' : 'today.title_other')}
        aside={
          <div className={`${classes.bar} nv-no-print`}>
            <SiteFilter sites={sites} value={siteId} set={(next) => set({ siteId: next })} />
            <div className={classes.days}>
              <ActionIcon
                variant="default"
                size={36}
                className={classes.step}
                aria-label={t('today.previous')}
                onClick={() => go(addDays(date, -1))}
              >
                <IconChevronLeft size={20} aria-hidden />
              </ActionIcon>
              <TextInput
                type="date"
                className={classes.date}
                aria-label={t('day')}
                value={date}
                max={today}
                onChange={({ currentTarget }) => currentTarget.value !== '' && go(currentTarget.value)}
              />
              <ActionIcon
                variant="default"
                size={36}
                className={classes.step}
                aria-label={t('today.next')}
                disabled={isToday}
                onClick={() => go(addDays(date, 1))}
              >
                <IconChevronRight size={20} aria-hidden />
              </ActionIcon>
            </div>
            {!isToday && (
              <Button variant="light" onClick={() => go(today)}>
                {t('today.back_to_today')}
              </Button>
            )}
          </div>
        }
      />
      <p className={classes.when}>{format.day(date)}</p>
      <Silent silent={seen.silent} at={seen.at} />
      <Figures sums={sums} past={past} weekday={weekday} soFar={isToday} none={before.totals.count === 0} />
      <div className={classes.grid}>
        <div className={classes.column}>
          <Card title={t('today.by_hour')}>
            {sums.totals.count === 0 && before.totals.count === 0 ? (
              <EmptyState
                icon={IconReceipt}
                title={t(isToday ? 'today.no_sales' : 'today.no_sales_that_day')}
                text=""
              />
            ) : (
              <HourColumns
                hours={hoursOf(sums.byHour, before.byHour)}
                currency={currency}
                before={before.totals.count > 0}
                now={clock?.hour ?? null}
              />
            )}
          </Card>
          {sums.byProduct.length > 0 && (
            <Card title={t('today.by_product')}>
              <RankBars
                caption={t('today.by_product')}
                name={t('today.product')}
                figure={t('today.quantity')}
                currency={currency}
                ranks={sums.byProduct.slice(0, 10).map((row) => ({
                  key: row.sku,
                  name: row.name,
                  note: row.sku,
                  figure: format.quantity(row.quantity, row.unit),
                  total: row.total.amount,
                }))}
              />
            </Card>
          )}
        </div>
        <div className={classes.column}>
          {isToday && <Attention operations={data.attention.items} count={data.waiting} />}
          {siteId === null && sums.bySite.length > 0 && (
            <Card title={t('today.by_site')}>
              <RankBars
                caption={t('today.by_site')}
                name={t('today.site')}
                figure={t('title')}
                currency={currency}
                ranks={[...sums.bySite]
                  .sort((a, b) => b.total.amount - a.total.amount)
                  .map((row) => ({
                    key: row.site.id,
                    name: row.site.name,
                    figure: format.number(row.count),
                    total: row.total.amount,
                  }))}
              />
            </Card>
          )}
          {isToday && <Low levels={data.low.items} siteId={siteId} more={common('more')} />}
        </div>
      </div>
    </>
  );
}

/** What o'clock it is at the business. */
function clockOf(now: number, timeZone: string): { hour: number; minute: number } {
  const [hour = 0, minute = 0] = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
    .format(now)
    .split(':')
    .map(Number);
  return { hour, minute };
}

interface Totals {
  sales: { amount: number; currency: string };
  count: number;
  averageTicket: { amount: number; currency: string };
}

const totalsOf = ({ count, total }: { count: number; total: number }, currency: string): Totals => ({
  sales: { amount: total, currency },
  count,
  averageTicket: { amount: count === 0 ? 0 : Math.round(total / count), currency },
});

function Figures(props: { sums: TodaySums; past: Totals; weekday: string; soFar: boolean; none: boolean }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { sums, past, weekday, soFar, none } = props;
  const { totals } = sums;
  const compare = (now: number, then: number, value: string): ReactNode =>
    none ? null : (
      <Compare now={now} then={then} words={t(soFar ? 'today.before_now' : 'today.before_day', { value, weekday })} />
    );
  return (
    <dl className={classes.figures}>
      <div className={classes.figure}>
        <dt>{t('today.total')}</dt>
        <dd>
          <span className={classes.value}>{format.money(totals.sales)}</span>
          {none ? (
            <span className={classes.compare}>{t('today.before_none', { weekday })}</span>
          ) : (
            compare(totals.sales.amount, past.sales.amount, format.money(past.sales))
          )}
        </dd>
      </div>
      <div className={classes.figure}>
        <dt>{t('today.count')}</dt>
        <dd>
          <span className={classes.value}>{format.number(totals.count)}</span>
          {compare(totals.count, past.count, format.number(past.count))}
        </dd>
      </div>
      <div className={classes.figure}>
        <dt>{t('today.average')}</dt>
        <dd>
          <span className={classes.value}>{format.money(totals.averageTicket)}</span>
          {compare(totals.averageTicket.amount, past.averageTicket.amount, format.money(past.averageTicket))}
        </dd>
      </div>
      <div className={classes.figure}>
        <dt>{t('today.returns')}</dt>
        <dd>
          <span className={classes.value}>{format.money(totals.returns.total)}</span>
          <span className={classes.compare}>{t('today.returns_count', { count: totals.returns.count })}</span>
        </dd>
      </div>
    </dl>
  );
}

/** Better or worse than then, with arrow, sign and colour. */
function Compare({ now, then, words }: { now: number; then: number; words: string }) {
  const format = useFormat();
  const change = then === 0 ? 0 : Math.round(((now - then) / then) * 100);
  const Icon = change >= 0 ? IconArrowUp : IconArrowDown;
  return (
    <span className={classes.compare} data-tone={change > 0 ? 'good' : change < 0 ? 'bad' : undefined}>
      {then > 0 && (
        <strong>
          <Icon size={15} stroke={2.4} aria-hidden />
          {change > 0 && '+'}
          {format.percent(change / 100)}
        </strong>
      )}
      <span>{words}</span>
    </span>
  );
}

function Attention({ operations, count }: { operations: readonly OperationSummary[]; count: number }) {
  const { t, i18n } = useTranslation('sales');
  const { t: desk } = useTranslation('desk');
  const { t: words } = useTranslation('operations');
  const locale = i18n.language === 'en' ? 'en' : 'es';
  return (
    <Card
      title={t('today.attention')}
      aside={
        operations.length > 0 && (
          <Anchor component={Link} to="/operations?state=needs_attention">
            {t('today.low_all')}
          </Anchor>
        )
      }
    >
      {operations.length === 0 ? (
        <p className={classes.none}>
          <IconCircleCheck size={20} aria-hidden color="var(--nv-good)" /> {t('today.nothing_to_attend')}
        </p>
      ) : (
        <>
          <p className={classes.urgent}>
            <IconAlertTriangle size={20} aria-hidden />
            {t('today.attention_count', { count: Math.max(count, operations.length) })}
          </p>
          <ul className={classes.list}>
            {operations.map((operation) => (
              <li key={operation.id} className={classes.item}>
                <Link to={`/operations/${operation.id}`} className={rows.link}>
                  {words(`kind.${operation.kind}`)} {desk('number', { number: operation.number })}
                </Link>
                <span className={classes.none}>{shortSentence(operation, locale)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Low({ levels, siteId, more }: { levels: readonly LevelItem[]; siteId: string | null; more: string }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  return (
    <Card
      title={t('today.low')}
      aside={
        levels.length > 0 && (
          <Anchor component={Link} to={queryTo('/stock', { low: 1, siteId })} aria-label={`${more}: ${t('today.low')}`}>
            {t('today.low_all')}
          </Anchor>
        )
      }
    >
      {levels.length === 0 ? (
        <p className={classes.none}>
          <IconCircleCheck size={20} aria-hidden color="var(--nv-good)" /> {t('today.nothing_low')}
        </p>
      ) : (
        <ul className={classes.list}>
          {levels.map((level) => (
            <li key={`${level.siteId}/${level.variantId}`} className={classes.item}>
              <Link to={historyOf(level.sku, level.siteId)} className={rows.link}>
                {articleName(level)}
              </Link>
              <span className={classes.none}>
                {[
                  t('today.left', { quantity: format.quantity(level.onHand, level.unit) }),
                  level.minStock === null
                    ? null
                    : t('today.minimum', { quantity: format.quantity(level.minStock, level.unit) }),
                  level.site,
                ]
                  .filter((words) => words !== null)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
