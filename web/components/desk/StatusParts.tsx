import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { SystemStatus } from '../../../api/status/schemas';
import { useFormat } from '../../i18n/format';
import { HealthMark } from './HealthMark';
import classes from './Status.module.css';
import { todoKey } from './connection-words';

type Part = SystemStatus['parts'][number];
type Connection = SystemStatus['connections'][number];

const partNames = ['postgres', 'redis', 'temporal', 'dispatcher', 'worker'] as const;
const named = (name: string) => partNames.find((one) => one === name);

/** What people call a part; its own name when nobody has named it yet. */
export function partName(name: string, t: TFunction<'system'>): string {
  const known = named(name);
  return known === undefined ? name : t(`status.part.${known}`);
}

export function StatusParts({ parts, now }: { parts: Part[]; now: number }) {
  const { t } = useTranslation('system');
  return (
    <section className={classes.card} aria-labelledby="parts">
      <h2 id="parts">{t('status.parts')}</h2>
      <ul className={classes.list}>
        {parts.map((part) => (
          <PartItem key={part.name} part={part} now={now} />
        ))}
      </ul>
    </section>
  );
}

function PartItem({ part, now }: { part: Part; now: number }) {
  const { t } = useTranslation('system');
  const format = useFormat();
  const name = named(part.name);
  const figures = [
    part.latencyMs === null
      ? null
      : t('status.latency', { ms: format.number(Math.max(1, Math.round(part.latencyMs))) }),
    t('status.since', { duration: format.age(part.since, now) }),
  ];
  return (
    <li className={classes.item} data-health={part.state}>
      <span className={classes.name}>{partName(part.name, t)}</span>
      <span className={classes.how}>
        <HealthMark state={part.state} />
      </span>
      <span className={classes.what}>{name !== undefined && t(`status.part.${name}_what`)}</span>
      <span className={classes.figures}>{figures.filter((figure) => figure !== null).join(' · ')}</span>
      {part.state === 'degraded' && (part.detail === 'outbox_late' || part.detail === 'no_pollers') && (
        <p className={classes.todo}>{t(`status.todo.${part.detail}`)}</p>
      )}
      {part.state === 'down' && name !== undefined && (
        <p className={classes.todo}>
          {t(`status.todo.${name}`)} {t('status.todo.doctor')}
        </p>
      )}
    </li>
  );
}

export function StatusConnections({ connections, now }: { connections: Connection[]; now: number }) {
  const { t } = useTranslation('system');
  return (
    <section className={classes.card} aria-labelledby="connections">
      <h2 id="connections">{t('status.connections')}</h2>
      {connections.length === 0 && <p className={classes.quiet}>{t('status.connections_none')}</p>}
      <ul className={classes.list}>
        {connections.map((connection) => (
          <ConnectionItem key={connection.id} connection={connection} now={now} />
        ))}
      </ul>
    </section>
  );
}

function ConnectionItem({ connection, now }: { connection: Connection; now: number }) {
  const { t } = useTranslation('system');
  const format = useFormat();
  const { state, latencyMs, serverVersion, probedAt, catalogueSyncedAt, waiting } = connection;
  const figures = [
    state === 'up' && latencyMs !== null ? t('status.latency', { ms: format.number(latencyMs) }) : null,
    t('status.since', { duration: format.age(connection.since, now) }),
  ];
  const facts = [
    // A mail server has no version to tell.
    serverVersion === null || connection.kind === 'mail'
      ? null
      : t('status.connection.version', { version: serverVersion }),
    probedAt === null ? null : t('status.connection.probed', { ago: format.ago(probedAt, now) }),
    connection.kind === 'mail'
      ? null
      : catalogueSyncedAt === null
        ? t('status.connection.catalogue_never')
        : t('status.connection.catalogue', { ago: format.ago(catalogueSyncedAt, now) }),
  ];
  return (
    <li className={classes.item} data-health={state}>
      <span className={classes.name}>{connection.name}</span>
      <span className={classes.how}>
        <HealthMark state={state} />
      </span>
      <span className={classes.what}>{facts.filter((fact) => fact !== null).join(' · ')}</span>
      <span className={classes.figures}>{figures.filter((figure) => figure !== null).join(' · ')}</span>
      {state !== 'up' && state !== 'unknown' && <p className={classes.todo}>{t(todoKey(connection.kind, state))}</p>}
      {waiting > 0 && <span className={classes.what}>{t('status.connection.waiting', { count: waiting })}</span>}
    </li>
  );
}
