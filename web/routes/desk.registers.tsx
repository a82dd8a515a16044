import { NativeSelect } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { IconCash, IconCircleCheck, IconListSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RegisterView, SessionSummary } from '../../api/registers/schemas';
import table from '../components/desk/DataTable.module.css';
import { Card } from '../components/desk/Detail';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import page from '../components/desk/OperationDetail.module.css';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import classes from '../components/desk/Sale.module.css';
import { SaleTabs } from '../components/desk/SaleTabs';
import { Silent } from '../components/desk/Silent';
import { SiteFilter } from '../components/desk/SiteFilter';
import stores from '../components/desk/Stores.module.css';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { usePages } from '../components/desk/usePages';
import { usePolled } from '../components/desk/usePolled';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

const everyMs = 10_000;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sales.read');
  const { useCases } = context;
  const filter = filterOf(new URL(request.url).searchParams);
  const [sites, registers] = await Promise.all([useCases.listSites(actor), useCases.listRegisters(actor, {})]);
  // What does not exist, or is not for this person, is no filter.
  const siteId = sites.items.find(({ id }) => id === filter.id('siteId'))?.id ?? null;
  const registerId = registers.items.find(({ id }) => id === filter.id('registerId'))?.id ?? null;
  const sessions = await useCases.listSessionsOfSites(actor, given({ siteId, registerId }));
  return {
    sites: sites.items,
    registers,
    sessions,
    siteId,
    registerId,
    at: Date.now(),
    title: deskWords(request, actor.locale)('sales:registers.page_title'),
  };
}

export default function Registers() {
  const { t } = useTranslation('sales');
  const { sites, registers: loaded, sessions, siteId, registerId, at } = useLoaderData<typeof loader>();
  const { set } = useAddress();
  useDocumentTitle(t('registers.page_title'));
  useDeskScan();
  const seen = usePolled<{ items: RegisterView[] }>('/registers', { value: loaded, at }, everyMs);
  const registers = seen.value.items.filter((register) => siteId === null || register.siteId === siteId);
  const list = usePages<SessionSummary>(
    sessions,
    (cursor) => queryTo('/register-sessions', { siteId, registerId, cursor }),
    ({ id }) => id,
  );
  return (
    <>
      <PageHead title={t('title')} />
      <SaleTabs />
      <div className={table.filters} role="search">
        <SiteFilter sites={sites} value={siteId} set={(next) => set({ siteId: next, registerId: null })} />
        {registers.length > 1 && (
          <NativeSelect
            aria-label={t('register')}
            value={registerId ?? ''}
            onChange={({ currentTarget }) => set({ registerId: currentTarget.value || null })}
            data={[
              { value: '', label: t('register_any') },
              ...registers.map((register) => ({
                value: register.id,
                label:
                  siteId === null && sites.length > 1
                    ? `${register.name} · ${sites.find(({ id }) => id === register.siteId)?.name ?? ''}`
                    : register.name,
              })),
            ]}
          />
        )}
      </div>
      <Silent silent={seen.silent} at={seen.at} />
      <div className={page.main}>
        <OpenNow registers={registers.filter(({ id }) => registerId === null || id === registerId)} sites={sites} />
        <Card title={t('registers.sessions')}>
          {list.items.length > 0 ? (
            <Sessions sessions={list.items} />
          ) : siteId === null && registerId === null ? (
            <EmptyState icon={IconCash} title={t('registers.empty_title')} text={t('registers.empty_text')} />
          ) : (
            <EmptyState icon={IconListSearch} title={t('registers.filtered_title')} text={t('registers.empty_text')} />
          )}
          <MorePages list={list} />
        </Card>
      </div>
    </>
  );
}

function OpenNow({ registers, sites }: { registers: readonly RegisterView[]; sites: { id: string; name: string }[] }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const open = registers.flatMap((register) =>
    register.session === null ? [] : [{ register, session: register.session }],
  );
  return (
    <Card title={t('registers.open_now')} count={open.length}>
      {open.length === 0 ? (
        <p className={stores.hint}>{t('registers.none_open')}</p>
      ) : (
        <ul className={classes.open}>
          {open.map(({ register, session }) => (
            <li key={register.id}>
              <Link to={`/sessions/${session.id}`} className={rows.link} prefetch="intent">
                {register.name}
              </Link>
              <span className={table.block}>{sites.find(({ id }) => id === register.siteId)?.name}</span>
              <span className={`${table.block} ${table.quiet}`}>
                {t('registers.open_since', { time: format.clock(session.openedAt), name: session.openedBy.name })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Sessions({ sessions }: { sessions: readonly SessionSummary[] }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('registers.session')}</th>
          <th scope="col">{t('site')}</th>
          <th scope="col">{t('registers.opened')}</th>
          <th scope="col">{t('registers.closed_at')}</th>
          <th scope="col" className={rows.figure}>
            {t('registers.expected')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('registers.counted')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('registers.difference')}
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id} className={`${rows.row} ${rows.pair}`}>
            <td>
              <div>
                <Link to={`/sessions/${session.id}`} className={rows.link} prefetch="intent">
                  {session.register.name}
                </Link>{' '}
                {session.zNumber === null ? (
                  <span className={rows.tag} data-tone="good">
                    {t('registers.running')}
                  </span>
                ) : (
                  <span className={rows.tag}>{t('registers.z', { number: session.zNumber })}</span>
                )}
              </div>
            </td>
            <td className={rows.wide}>{session.site.name}</td>
            <td data-label={t('registers.opened')}>
              <div>
                {format.dateTime(session.openedAt)}
                <span className={`${table.block} ${table.quiet}`}>{session.openedBy.name}</span>
              </div>
            </td>
            <td {...(session.closedAt !== null && { 'data-label': t('registers.closed_at') })}>
              {session.closedAt !== null && (
                <div>
                  {format.dateTime(session.closedAt)}
                  <span className={`${table.block} ${table.quiet}`}>{session.closedBy?.name}</span>
                </div>
              )}
            </td>
            <td className={rows.figure} {...(session.expected !== null && { 'data-label': t('registers.expected') })}>
              {session.expected !== null && format.money(session.expected)}
            </td>
            <td className={rows.figure} {...(session.counted !== null && { 'data-label': t('registers.counted') })}>
              {session.counted !== null && format.money(session.counted)}
            </td>
            <td className={rows.figure}>
              <Difference difference={session.difference} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Difference({ difference }: { difference: SessionSummary['difference'] }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  if (difference === null) return null;
  if (difference.amount === 0)
    return (
      <span className={table.mark} data-tone="good">
        <IconCircleCheck size={16} aria-hidden /> {t('registers.fits')}
      </span>
    );
  return (
    <span className={rows.tag} data-tone={difference.amount < 0 ? 'bad' : 'warn'}>
      {format.moneyChange(difference)}
    </span>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
