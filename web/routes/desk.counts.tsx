import { Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconClipboardList, IconListSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CountItem, Entered } from '../../api/stock/schemas';
import { can } from '../../domain/access';
import { CountState } from '../components/desk/CountState';
import table from '../components/desk/DataTable.module.css';
import { filterOf, given, queryTo } from '../components/desk/list-query';
import { MorePages } from '../components/desk/MorePages';
import { PageHead } from '../components/desk/PageHead';
import { ProblemNote } from '../components/desk/ProblemNote';
import rows from '../components/desk/Rows.module.css';
import { SidePanel } from '../components/desk/SidePanel';
import { SiteFilter } from '../components/desk/SiteFilter';
import { historyOf, StockTabs } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useCommand } from '../components/desk/useCommand';
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
    context.useCases.listCounts(actor, given({ siteId })),
    context.useCases.listSites(actor),
  ]);
  return { page, sites: sites.items, siteId, title: deskWords(request, actor.locale)('stock:counts.page_title') };
}

/** The form is in the address too; that is no reason to ask again. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
  currentUrl.pathname !== nextUrl.pathname ||
  currentUrl.searchParams.get('siteId') !== nextUrl.searchParams.get('siteId');

export default function Counts() {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { page, sites, siteId } = useLoaderData<typeof loader>();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const navigate = useNavigate();
  const { params, set } = useAddress();
  useDocumentTitle(t('counts.page_title'));
  const mayWrite = user != null && can(user, 'stock.write');
  const open = mayWrite && params.has('new');
  useDeskScan({ busy: open, onCode: (code) => void navigate(historyOf(code, siteId)) });
  const list = usePages<CountItem>(
    page,
    (cursor) => queryTo('/stock/counts', { siteId, cursor }),
    ({ id }) => id,
  );
  const start = mayWrite && (
    <Button leftSection={<IconClipboardList size={18} aria-hidden />} onClick={() => set({ new: '1' })}>
      {t('counts.new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} aside={start} />
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
              <th scope="col">{t('tab.counts')}</th>
              <th scope="col">{t('site')}</th>
              <th scope="col">{t('counts.started')}</th>
              <th scope="col">{t('counts.ended')}</th>
              <th scope="col" className={rows.figure}>
                {t('counts.counted')}
              </th>
              <th scope="col" className={rows.figure}>
                {t('counts.differences')}
              </th>
            </tr>
          </thead>
          <tbody>
            {list.items.map((count) => (
              <tr key={count.id} className={`${rows.row} ${rows.pair}`}>
                <td>
                  <div>
                    <Link to={`/counts/${count.id}`} className={rows.link} prefetch="intent">
                      {t('counts.number', { number: count.number })}
                    </Link>{' '}
                    <CountState state={count.state} />
                    {count.note !== null && <span className={`${table.block} ${table.quiet}`}>{count.note}</span>}
                  </div>
                </td>
                <td>{count.site.name}</td>
                <td>
                  <div>
                    {format.dateTime(count.createdAt)}
                    <span className={`${table.block} ${table.quiet}`}>{count.createdBy.name}</span>
                  </div>
                </td>
                <td data-label={count.closedAt === null ? undefined : t('counts.ended')}>
                  {count.closedAt !== null && (
                    <div>
                      {format.dateTime(count.closedAt)}
                      <span className={`${table.block} ${table.quiet}`}>{count.closedBy?.name}</span>
                    </div>
                  )}
                </td>
                <td className={rows.figure} data-label={t('counts.counted')}>
                  {format.number(count.lineCount)}
                </td>
                <td
                  className={rows.figure}
                  data-label={t('counts.differences')}
                  data-tone={count.differenceCount > 0 ? 'warn' : undefined}
                >
                  {format.number(count.differenceCount)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : siteId !== null ? (
        <EmptyState
          icon={IconListSearch}
          title={t('counts.empty_title')}
          text={t('counts.empty_text')}
          action={start}
        />
      ) : (
        <EmptyState
          icon={IconClipboardList}
          title={t('counts.empty_title')}
          text={t('counts.empty_text')}
          action={start}
        />
      )}
      <MorePages list={list} />
      <SidePanel opened={open} onClose={() => set({ new: null })} title={t('counts.new_title')}>
        <StartForm sites={sites} siteId={siteId} />
      </SidePanel>
    </>
  );
}

function StartForm({ sites, siteId: wanted }: { sites: { id: string; name: string }[]; siteId: string | null }) {
  const { t } = useTranslation('stock');
  const navigate = useNavigate();
  const [siteId, setSiteId] = useState(wanted ?? sites[0]?.id ?? '');
  const [note, setNote] = useState('');
  const { run, busy, problem } = useCommand();
  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const outcome = await run<Entered>({
      method: 'POST',
      path: '/stock/counts',
      body: { siteId, note: note.trim() || null },
    });
    if (outcome.kind === 'ok') void navigate(`/counts/${outcome.value.id}`);
  };
  return (
    <form onSubmit={(event) => void start(event)}>
      <Stack gap="md">
        <Text c="dimmed">{t('counts.new_text')}</Text>
        <NativeSelect
          size="md"
          label={t('counts.where')}
          value={siteId}
          onChange={({ currentTarget }) => setSiteId(currentTarget.value)}
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <TextInput
          size="md"
          label={t('counts.note')}
          description={t('counts.note_hint')}
          value={note}
          maxLength={500}
          autoComplete="off"
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        {problem !== null && (
          <ProblemNote problem={problem}>
            {problem.countId !== undefined && (
              <Button component={Link} to={`/counts/${problem.countId}`} variant="default" mt={8}>
                {t('counts.open_one')}
              </Button>
            )}
          </ProblemNote>
        )}
        <Button type="submit" size="lg" loading={busy !== null} disabled={siteId === ''}>
          {t('counts.start')}
        </Button>
      </Stack>
    </form>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
