import { ActionIcon, Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  Link,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useNavigate,
  useNavigation,
  useRouteLoaderData,
} from '@remix-run/react';
import { IconArrowUp, IconForklift, IconListSearch, IconTruckDelivery } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can } from '../../domain/access';
import { useAnnouncer } from '../components/desk/Announcer';
import { refreshApi } from '../components/desk/api';
import { ClearFilters, FilterBar } from '../components/desk/FilterBar';
import { InOrder } from '../components/desk/in-order';
import { LiveBadge } from '../components/desk/LiveBadge';
import { OperationTable } from '../components/desk/OperationTable';
import { countFilters, filtersOf, noFilters, queryOf, searchOf } from '../components/desk/operation-query';
import { listPeople } from '../components/desk/people.server';
import { PageHead } from '../components/desk/PageHead';
import classes from '../components/desk/Operations.module.css';
import { type Counts, StateCounts } from '../components/desk/StateCounts';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useNow } from '../components/desk/useNow';
import { useOperationList } from '../components/desk/useOperationList';
import { EmptyState } from '../components/EmptyState';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

/** Whoever moved over the rows so lately is reading them: nothing may shift. */
const readingMs = 8_000;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'operations.read');
  const { useCases } = context;
  const filters = filtersOf(new URL(request.url).searchParams);
  const now = Date.now();
  const timeZone = await useCases.timeZoneOf(actor);
  const [page, counts, sites, people] = await Promise.all([
    useCases.listOperations(actor, queryOf(filters, now, timeZone)),
    useCases.countOperations(actor),
    useCases.listSites(actor),
    listPeople(useCases, actor),
  ]);
  const title = deskWords(request, actor.locale)('desk:page_title');
  return { page, counts, filters, sites: sites.items, people, now, timeZone, title };
}

/** The list keeps itself up to date; only another filter is another question. */
export function shouldRevalidate({ currentUrl, nextUrl, formMethod }: ShouldRevalidateFunctionArgs) {
  return currentUrl.href !== nextUrl.href || formMethod !== undefined;
}

/** Which row was opened last, to give it the focus back. */
let opened: string | null = null;

export default function Operations() {
  const { t } = useTranslation('desk');
  const { t: operation } = useTranslation('operations');
  const { t: common } = useTranslation();
  const data = useLoaderData<typeof loader>();
  const { filters } = data;
  const navigate = useNavigate();
  useDocumentTitle(t('page_title'));
  useDeskScan({
    onCode: (code) => void navigate({ search: searchOf({ ...noFilters, q: code }) }, { replace: true }),
  });
  const user = useRouteLoaderData<RootData>('root')?.user;
  const now = useNow(data.now, 10_000);
  const [counts, setCounts] = useState<Counts>(data.counts);
  const [countOrder] = useState(() => new InOrder());
  useEffect(() => {
    countOrder.renew();
    setCounts(data.counts);
  }, [data.counts, countOrder]);
  const rows = useRef<HTMLDivElement>(null);
  const touched = useRef(0);
  const touch = (): void => {
    touched.current = Date.now();
  };
  const changing = useNavigation().location?.pathname === '/operations';
  const { say, region } = useAnnouncer((count) => t('said_changes', { count }));

  const { list, more, showMore, showFresh } = useOperationList({
    page: data.page,
    filters,
    timeZone: data.timeZone,
    mayShift: () => window.scrollY < 8 && Date.now() - touched.current > readingMs,
    onState: ({ id, number, state }) =>
      say(id, operation('state_changed', { number: t('number', { number }), state: operation(`state.${state}`) })),
    onFresh: (count) => say('fresh', t('said_fresh', { count })),
    onNews: () => {
      const isNewest = countOrder.ask();
      void refreshApi<Counts>('/operation-counts').then((outcome) => {
        if (outcome.kind === 'ok' && isNewest()) setCounts(outcome.value);
      });
    },
  });

  useEffect(() => {
    if (opened === null) return;
    rows.current?.querySelector<HTMLElement>(`[data-id="${opened}"] a`)?.focus({ preventScroll: true });
    opened = null;
  }, []);
  const onOpen = useCallback((id: string) => {
    opened = id;
  }, []);

  const mayMove = user != null && can(user, 'pallets.move');
  const filtered = countFilters(filters) > 0;

  return (
    <>
      <PageHead
        title={t('title')}
        aside={
          <>
            <LiveBadge />
            {mayMove && (
              <>
                <Button
                  component={Link}
                  to="/picking"
                  variant="light"
                  visibleFrom="sm"
                  leftSection={<IconForklift size={18} aria-hidden />}
                >
                  {t('move')}
                </Button>
                <ActionIcon
                  component={Link}
                  to="/picking"
                  variant="light"
                  color="petrol"
                  size={44}
                  hiddenFrom="sm"
                  aria-label={t('move')}
                >
                  <IconForklift size={24} aria-hidden />
                </ActionIcon>
              </>
            )}
          </>
        }
      />
      <StateCounts counts={counts} filters={filters} />
      <FilterBar filters={filters} choices={{ sites: data.sites, people: data.people }} />
      {region}
      <div
        className={classes.rows}
        ref={rows}
        aria-busy={changing}
        data-changing={changing}
        onPointerMove={({ movementX, movementY }) => (movementX !== 0 || movementY !== 0) && touch()}
        onPointerDown={touch}
        onFocus={touch}
        onKeyDown={touch}
      >
        {list.fresh.length > 0 && list.items.length > 0 && (
          <Button
            className={classes.fresh}
            radius="xl"
            leftSection={<IconArrowUp size={18} aria-hidden />}
            onClick={showFresh}
          >
            {t('fresh', { count: list.fresh.length })}
          </Button>
        )}
        {list.items.length > 0 ? (
          <OperationTable rows={list.items} wanted={filters.state} now={now} onOpen={onOpen} />
        ) : filtered ? (
          <EmptyState
            icon={IconListSearch}
            title={t('empty.filtered_title')}
            text={t('empty.filtered_text')}
            action={<ClearFilters />}
          />
        ) : (
          <EmptyState
            icon={IconTruckDelivery}
            title={t('empty.title')}
            text={t(mayMove ? 'empty.text' : 'empty.text_no_move')}
            action={
              mayMove && (
                <Button component={Link} to="/picking" size="md" leftSection={<IconForklift size={20} aria-hidden />}>
                  {t('move')}
                </Button>
              )
            }
          />
        )}
        {list.nextCursor !== null && (
          <div className={classes.more}>
            <Button variant="default" loading={more === 'busy'} onClick={() => void showMore()}>
              {more === 'failed' ? t('more_failed') : common('more')}
            </Button>
          </div>
        )}
        {list.nextCursor === null && list.items.length > 20 && <p className={classes.end}>{t('end')}</p>}
      </div>
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
