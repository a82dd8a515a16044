import { Button, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useRouteLoaderData, useSearchParams } from '@remix-run/react';
import { IconCircleCheck, IconPencil, IconPlugConnected, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionView, TrialResult } from '../../api/connections/schemas';
import { can } from '../../domain/access';
import { useAnnounceChange } from '../components/desk/Announcer';
import { ConnectionForm, Trial } from '../components/desk/ConnectionForm';
import classes from '../components/desk/Connections.module.css';
import { HealthMark } from '../components/desk/HealthMark';
import { PageHead } from '../components/desk/PageHead';
import { ProblemNote } from '../components/desk/ProblemNote';
import { SidePanel } from '../components/desk/SidePanel';
import { deskWords } from '../components/desk/title.server';
import { useCommand } from '../components/desk/useCommand';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useNow } from '../components/desk/useNow';
import { usePolled } from '../components/desk/usePolled';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';
import { todoKey } from '../components/desk/connection-words';

interface Page {
  items: ConnectionView[];
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'connections.read');
  const { items } = await context.useCases.listConnections(actor);
  return { items, at: Date.now(), title: deskWords(request, actor.locale)('system:connections.page_title') };
}

/** It keeps itself up to date. */
export const shouldRevalidate = () => false;

export default function Connections() {
  const { t } = useTranslation('system');
  const loaded = useLoaderData<typeof loader>();
  const me = useRouteLoaderData<RootData>('root')?.user;
  const [params, setParams] = useSearchParams();
  const polled = usePolled<Page>('/connections', { value: { items: loaded.items }, at: loaded.at }, 5_000);
  const [saved, setSaved] = useState<ConnectionView | null>(null);
  const now = useNow(loaded.at, 1_000);
  useDocumentTitle(t('connections.page_title'));
  const announced = useAnnounceChange(saved === null ? '' : t('connections.saved'));

  // What was just saved is newer than an answer that was asked for before.
  const items = polled.value.items.map((item) =>
    saved !== null && item.id === saved.id && saved.version > item.version ? saved : item,
  );
  const mayWrite = me != null && can(me, 'connections.write');
  const editing = mayWrite ? (items.find(({ id }) => id === params.get('edit')) ?? null) : null;
  const close = (): void => setParams({}, { preventScrollReset: true });
  useDeskScan({ busy: editing !== null });
  return (
    <>
      <PageHead title={t('connections.title')}>
        <Text c="dimmed">{t('connections.intro')}</Text>
      </PageHead>
      {announced}
      {items.length === 0 && (
        <EmptyState icon={IconPlugConnected} title={t('connections.empty_title')} text={t('connections.empty_text')} />
      )}
      <div className={classes.cards}>
        {items.map((connection) => (
          <ConnectionCard
            key={connection.id}
            connection={connection}
            now={now}
            saved={saved?.id === connection.id}
            onEdit={mayWrite ? () => setParams({ edit: connection.id }, { preventScrollReset: true }) : null}
          />
        ))}
      </div>
      <SidePanel
        opened={editing !== null}
        onClose={close}
        title={t('connections.edit_title', { name: editing?.name ?? '' })}
      >
        {editing !== null && (
          <ConnectionForm
            key={editing.id}
            connection={editing}
            onClose={close}
            onSaved={(connection) => {
              setSaved(connection);
              close();
            }}
          />
        )}
      </SidePanel>
    </>
  );
}

function ConnectionCard(props: {
  connection: ConnectionView;
  now: number;
  saved: boolean;
  onEdit: (() => void) | null;
}) {
  const { connection, now, saved, onEdit } = props;
  const { t } = useTranslation('system');
  const format = useFormat();
  const { run, busy, problem } = useCommand();
  const [trial, setTrial] = useState<TrialResult | null>(null);
  const [askedAt, setAskedAt] = useState<string | null | false>(false);
  const { state, settings, latencyMs, serverVersion, lastError, probedAt, waiting, catalogueSyncedAt } = connection;
  const test = async (): Promise<void> => {
    setTrial(null);
    const outcome = await run<TrialResult>({ method: 'POST', path: `/connections/${connection.id}/test`, body: {} });
    if (outcome.kind === 'ok') setTrial(outcome.value);
  };
  const readAgain = async (): Promise<void> => {
    const outcome = await run<unknown>({ method: 'POST', path: '/locations/sync' });
    if (outcome.kind === 'ok') setAskedAt(catalogueSyncedAt);
  };
  // Asked for, and not read since.
  const reading = askedAt !== false && askedAt === catalogueSyncedAt;
  const mail = connection.kind === 'mail';
  const facts: [string, string][] = [
    [t('connections.since'), format.dateTime(connection.since)],
    [t('connections.latency'), latencyMs === null ? '–' : t('status.latency', { ms: format.number(latencyMs) })],
    ...(mail ? [] : [[t('connections.version'), serverVersion ?? '–'] as [string, string]]),
    [t(mail ? 'connections.database_mail' : 'connections.database'), settings.database],
    [t('connections.login'), settings.login],
    [t('connections.url'), settings.url],
  ];
  return (
    <article className={classes.card}>
      <header className={classes.head}>
        <h2>{connection.name}</h2>
        <HealthMark state={state} />
      </header>
      {state !== 'up' && state !== 'unknown' && <p className={classes.todo}>{t(todoKey(connection.kind, state))}</p>}
      {waiting > 0 && <p className={classes.waiting}>{t('status.connection.waiting', { count: waiting })}</p>}
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.quiet}>
        {[
          probedAt === null ? null : t('status.connection.probed', { ago: format.ago(probedAt, now) }),
          mail
            ? null
            : catalogueSyncedAt === null
              ? t('status.connection.catalogue_never')
              : t('status.connection.catalogue', { ago: format.ago(catalogueSyncedAt, now) }),
        ]
          .filter((fact) => fact !== null)
          .join(' · ')}
      </p>
      {lastError !== null && state !== 'up' && (
        <details className={classes.quiet}>
          <summary>{t('connections.last_error')}</summary>
          <code className="nv-code">{lastError}</code>
        </details>
      )}
      {onEdit !== null && (
        <div className={classes.actions}>
          <Button variant="light" size="md" loading={busy?.endsWith('/test') === true} onClick={() => void test()}>
            {t('connections.test')}
          </Button>
          {!mail && (
            <Button
              variant="default"
              size="md"
              leftSection={<IconRefresh size={18} aria-hidden />}
              loading={busy === '/locations/sync'}
              disabled={reading || (state !== 'up' && state !== 'unknown')}
              onClick={() => void readAgain()}
            >
              {t(reading ? 'connections.reading_catalogue' : 'connections.read_catalogue')}
            </Button>
          )}
          <Button variant="default" size="md" leftSection={<IconPencil size={18} aria-hidden />} onClick={onEdit}>
            {t('connections.edit')}
          </Button>
        </div>
      )}
      {trial !== null && <Trial trial={trial} mail={mail} unsaved={false} />}
      {problem !== null && <ProblemNote problem={problem} />}
      {saved && (
        <p className={classes.saved}>
          <IconCircleCheck size={18} aria-hidden /> {t('connections.saved')}
        </p>
      )}
    </article>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
