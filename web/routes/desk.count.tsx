import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconChecks, IconPrinter, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CountDetail, CountLineItem } from '../../api/stock/schemas';
import { can } from '../../domain/access';
import { readApi } from '../components/desk/api';
import { Ask } from '../components/desk/Ask';
import { countedOf, stepped } from '../components/desk/count-draft';
import { CountingDesk, type Counted } from '../components/desk/CountingDesk';
import { CountState } from '../components/desk/CountState';
import { CountTable } from '../components/desk/CountTable';
import classes from '../components/desk/Count.module.css';
import { DetailHead, Facts } from '../components/desk/Detail';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import page from '../components/desk/OperationDetail.module.css';
import { Said } from '../components/desk/Said';
import { Silent } from '../components/desk/Silent';
import { historyOf } from '../components/desk/StockTabs';
import stores from '../components/desk/Stores.module.css';
import { deskWords } from '../components/desk/title.server';
import { useArticleScan } from '../components/desk/useArticleScan';
import { useCommand } from '../components/desk/useCommand';
import { useCounting } from '../components/desk/useCounting';
import { useDeskScan } from '../components/desk/useDeskScan';
import { usePolled } from '../components/desk/usePolled';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

const everyMs = 4_000;
const never = 2_000_000_000;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const count: CountDetail = await notFoundAs404(() => context.useCases.getCount(actor, idOf(params)));
  const title = deskWords(request, actor.locale)('stock:count.page_title', { number: count.number });
  return { count, at: Date.now(), title };
}

/** It keeps itself up to date. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
  currentUrl.pathname !== nextUrl.pathname;

/** Of each article the later count; an answer that was on its way does not take back what is known by now. */
function newest(known: readonly CountLineItem[], seen: readonly CountLineItem[]): CountLineItem[] {
  const lines = new Map(known.map((line) => [line.variantId, line]));
  for (const line of seen) {
    const before = lines.get(line.variantId);
    if (before === undefined || before.countedAt <= line.countedAt) lines.set(line.variantId, line);
  }
  return [...lines.values()].sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

export default function CountRoute() {
  const { count, at } = useLoaderData<typeof loader>();
  return <Count key={count.id} loaded={count} at={at} />;
}

function Count({ loaded, at }: { loaded: CountDetail; at: number }) {
  const { t } = useTranslation('stock');
  const user = useRouteLoaderData<RootData>('root')?.user;
  const [count, setCount] = useState(loaded);
  const open = count.state === 'open';
  const seen = usePolled<CountDetail>(`/stock/counts/${loaded.id}`, { value: loaded, at }, open ? everyMs : never);
  useDocumentTitle(t('count.page_title', { number: count.number }));
  const lines = useRef<readonly CountLineItem[]>(loaded.lines);
  useEffect(() => {
    const all = newest(lines.current, seen.value.lines);
    lines.current = all;
    // A count that has ended does not open again: what says so was asked before.
    setCount((before) =>
      before.state !== 'open' && seen.value.state === 'open' ? before : { ...seen.value, lines: all },
    );
  }, [seen.value]);
  const onSaved = useCallback((saved: CountLineItem[]): void => {
    const all = newest(lines.current, saved);
    const more = all.length - lines.current.length;
    lines.current = all;
    setCount((before) => ({ ...before, lines: all, uncounted: Math.max(0, before.uncounted - more) }));
  }, []);
  const linesNow = useCallback(() => lines.current, []);
  const mayWrite = user != null && can(user, 'stock.write');
  return (
    <div className={page.page}>
      <DetailHead
        back={{ to: '/counts', label: t('counts.back') }}
        title={t('counts.number', { number: count.number })}
        number={count.site.name}
        mark={<CountState state={count.state} />}
      >
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} aria-hidden />}
          onClick={() => window.print()}
          visibleFrom="sm"
        >
          {t('count.print')}
        </Button>
      </DetailHead>
      <Silent silent={seen.silent} at={seen.at} />
      {open && mayWrite ? (
        <Working count={count} linesNow={linesNow} onSaved={onSaved} onEnded={setCount} />
      ) : (
        <Report count={count} />
      )}
    </div>
  );
}

/** An open count, for whoever may count. */
function Working(props: {
  count: CountDetail;
  /** What is saved at this moment, also before it is rendered. */
  linesNow(): readonly CountLineItem[];
  onSaved(lines: CountLineItem[]): void;
  onEnded(count: CountDetail): void;
}) {
  const { t } = useTranslation('stock');
  const { count, onEnded } = props;
  const [article, setArticle] = useState<Counted | null>(null);
  const [eachScan, setEachScan] = useState(true);
  const [asking, setAsking] = useState<'close' | 'cancel' | null>(null);
  const { run, busy, problem, clear } = useCommand();
  const counting = useCounting(count.id, props.onSaved);
  const { missed, forget } = useArticleScan({
    siteId: count.site.id,
    busy: asking !== null,
    onArticle(scanned) {
      setArticle(scanned);
      if (!eachScan) return;
      // A unit more of what is counted in pieces; what is weighed has to be written.
      if (scanned.unit !== 'unit') return;
      const { sku } = scanned;
      counting.note(sku, stepped(countedOf(counting.unsavedNow(), props.linesNow(), sku), 1));
    },
  });
  const unsaved = Object.keys(counting.unsaved).length;
  const differences = count.lines.filter(({ difference }) => Number(difference) !== 0).length;

  const end = async (how: 'close' | 'cancel'): Promise<void> => {
    const outcome = await run({ method: 'POST', path: `/stock/counts/${count.id}/${how}` });
    if (outcome.kind !== 'ok') return;
    const after = await readApi<CountDetail>(`/stock/counts/${count.id}`);
    setAsking(null);
    onEnded(after.kind === 'ok' ? after.value : { ...count, state: how === 'close' ? 'closed' : 'cancelled' });
  };
  const ask = (how: 'close' | 'cancel'): void => {
    clear();
    setAsking(how);
  };
  return (
    <div className={classes.split}>
      <div className={classes.aside}>
        <CountingDesk
          article={article}
          counted={article === null ? '0.000' : countedOf(counting.unsaved, count.lines, article.sku)}
          counting={counting}
          missed={missed}
          eachScan={eachScan}
          onEachScan={setEachScan}
          onPick={(picked) => {
            forget();
            setArticle(picked);
          }}
        />
        <p className={stores.hint}>{t('count.uncounted', { count: count.uncounted })}</p>
        <div className={`${page.ends} nv-no-print`}>
          <Button
            size="md"
            leftSection={<IconChecks size={20} aria-hidden />}
            disabled={unsaved > 0}
            {...(unsaved > 0 && { title: t('count.wait_unsaved') })}
            onClick={() => ask('close')}
          >
            {t('count.close')}
          </Button>
          <Button
            size="md"
            variant="default"
            leftSection={<IconX size={20} aria-hidden />}
            onClick={() => ask('cancel')}
          >
            {t('count.cancel')}
          </Button>
        </div>
      </div>
      <div className={page.main}>
        <CountTable
          lines={count.lines}
          open
          onPick={(line) => {
            setArticle(line);
            window.scrollTo({ top: 0 });
          }}
        />
      </div>
      <Ask
        opened={asking !== null}
        title={t(asking === 'cancel' ? 'count.cancel_title' : 'count.close_title', { number: count.number })}
        text={asking === 'cancel' ? t('count.cancel_text') : t('count.close_text', { count: differences })}
        yes={t(asking === 'cancel' ? 'count.cancel_yes' : 'count.close_yes')}
        no={t('count.no')}
        danger={asking === 'cancel'}
        busy={busy !== null}
        problem={problem}
        onYes={() => asking !== null && void end(asking)}
        onNo={() => setAsking(null)}
      />
    </div>
  );
}

/** What a count came to; or an open one, for whoever only reads. */
function Report({ count }: { count: CountDetail }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const navigate = useNavigate();
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, count.site.id)) });
  const ended = (at: string, by: string | undefined) => (
    <>
      {format.dateTime(at)}
      {by !== undefined && <span className={page.quiet}> {t('counts.by', { name: by })}</span>}
    </>
  );
  return (
    <div className={page.main}>
      <Said
        words={
          count.state === 'closed'
            ? t('count.closed', { count: count.differenceCount })
            : count.state === 'cancelled'
              ? t('count.cancelled')
              : ''
        }
      />
      <Facts
        facts={[
          [t('site'), count.site.name],
          [t('counts.started'), ended(count.createdAt, count.createdBy.name)],
          count.closedAt === null ? null : [t('counts.ended'), ended(count.closedAt, count.closedBy?.name)],
          [t('counts.counted'), format.number(count.lineCount)],
          [t('counts.differences'), format.number(count.differenceCount)],
          count.note === null ? null : [t('counts.note'), count.note],
        ]}
      />
      <CountTable lines={count.lines} open={count.state === 'open'} />
    </div>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
