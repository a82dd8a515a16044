import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SystemStatus } from '../../api/status/schemas';
import { useAnnounceChange } from '../components/desk/Announcer';
import { PageHead } from '../components/desk/PageHead';
import classes from '../components/desk/Status.module.css';
import { partName, StatusConnections, StatusParts } from '../components/desk/StatusParts';
import { StatusBusiness, StatusWork } from '../components/desk/StatusWork';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useNow } from '../components/desk/useNow';
import { usePolled } from '../components/desk/usePolled';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

const everyMs = 5_000;
const icons = { up: IconCircleCheck, degraded: IconAlertTriangle, down: IconCircleX };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'status.read');
  const status: SystemStatus = await context.useCases.systemStatus(actor);
  return { status, at: Date.now(), title: deskWords(request, actor.locale)('system:status.page_title') };
}

/** It keeps itself up to date. */
export const shouldRevalidate = () => false;

export default function Status() {
  const { t } = useTranslation('system');
  const format = useFormat();
  const loaded = useLoaderData<typeof loader>();
  const {
    value: status,
    at,
    silent,
  } = usePolled<SystemStatus>('/status', { value: loaded.status, at: loaded.at }, everyMs);
  const now = useNow(loaded.at, 1_000);
  useDocumentTitle(t('status.page_title'));
  useDeskScan();
  const overall = silent ? null : status.status;
  const Icon = icons[status.status];
  const said = useAnnounceChange(silent ? t('status.state.down') : t(`status.overall.${status.status}`));
  const ago = format.ago(at, now);
  return (
    <>
      <PageHead
        title={t('status.title')}
        aside={!silent && <span className={classes.refreshed}>{t('status.refreshed', { ago })}</span>}
      />
      {said}
      {silent && (
        <p className={classes.silent} role="alert">
          {t('status.refreshing_off', { time: format.time(at) })}
        </p>
      )}
      {overall !== null && (
        <section className={classes.overall} data-health={overall}>
          <Icon size={36} stroke={1.7} aria-hidden />
          <div>
            <h2>{t(`status.overall.${overall}`)}</h2>
            <Troubles status={status} />
            <p>{t(`status.overall.${overall}_text`)}</p>
          </div>
        </section>
      )}
      <div className={classes.grid}>
        <div className={classes.column}>
          <StatusConnections connections={status.connections} now={now} />
          <StatusWork status={status} now={now} />
        </div>
        <div className={classes.column} data-first={status.parts.some(({ state }) => state !== 'up')}>
          <StatusParts parts={status.parts} now={now} />
          <StatusBusiness status={status} />
        </div>
      </div>
    </>
  );
}

/** Which parts and connections are not as they should be, by name. */
function Troubles({ status }: { status: SystemStatus }) {
  const { t } = useTranslation('system');
  const ill = [
    ...status.connections.map(({ name, state }) => ({ name, state })),
    ...status.parts.map(({ name, state }) => ({ name: partName(name, t), state })),
  ].filter(({ state }) => state !== 'up' && state !== 'unknown');
  if (ill.length === 0) return null;
  return (
    <p className={classes.ill}>
      {ill.map(({ name, state }) => `${name}: ${t(`status.state.${state}`).toLowerCase()}`).join(' · ')}
    </p>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
