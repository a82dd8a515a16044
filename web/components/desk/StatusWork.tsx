import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { SystemStatus } from '../../../api/status/schemas';
import { useFormat } from '../../i18n/format';
import { StateChip } from '../StateChip';
import { HourChart } from './HourChart';
import classes from './Status.module.css';

const openStates = ['pending', 'syncing', 'waiting', 'needs_attention', 'compensating'] as const;
const roles = ['api', 'dispatcher', 'worker'] as const;

/** What is under way: operations by state, the outbox, the queues and who works on them. */
export function StatusWork({ status, now }: { status: SystemStatus; now: number }) {
  const { t } = useTranslation('system');
  const format = useFormat();
  const { outbox, queues, processes, operations } = status;
  return (
    <section className={classes.card} aria-labelledby="work">
      <h2 id="work">{t('status.work')}</h2>
      <div className={classes.counts}>
        {openStates.map((state) => (
          <Link key={state} to={`/operations?state=${state}`}>
            <StateChip state={state} /> {format.number(operations[state] ?? 0)}
          </Link>
        ))}
      </div>
      <h3>{t('status.outbox')}</h3>
      <div className={classes.row}>
        {outbox === null ? (
          <span className={classes.quiet}>{t('status.outbox_unknown')}</span>
        ) : outbox.rows === 0 ? (
          <span>{t('status.outbox_empty')}</span>
        ) : (
          <>
            <span>{t('status.outbox_rows', { count: outbox.rows })}</span>
            <span className={outbox.oldestSeconds > 30 ? classes.bad : classes.quiet}>
              {t('status.outbox_oldest', { duration: format.duration(0, outbox.oldestSeconds * 1000) })}
            </span>
          </>
        )}
      </div>
      {queues.length > 0 && <h3>{t('status.queues')}</h3>}
      {queues.map(({ name, pollers, backlog }) => (
        <div key={name} className={classes.row}>
          <span>{t(`status.queue.${name}`)}</span>
          <span>
            <span className={pollers === 0 ? classes.bad : classes.quiet}>
              {t('status.queue.pollers', { count: pollers })}
            </span>
            <span className={classes.quiet}> · {t('status.queue.backlog', { count: backlog })}</span>
          </span>
        </div>
      ))}
      {processes.length > 0 && <h3>{t('status.processes')}</h3>}
      {processes.map(({ role, running, since }) => {
        const known = roles.find((one) => one === role);
        return (
          <div key={role} className={classes.row}>
            <span>{known === undefined ? role : t(`status.process.${known}`)}</span>
            <span className={classes.quiet}>
              {t('status.running', { count: running })} · {t('status.since', { duration: format.age(since, now) })}
            </span>
          </div>
        );
      })}
    </section>
  );
}

/** BI-04: how the business does, in four numbers and a picture. */
export function StatusBusiness({ status }: { status: SystemStatus }) {
  const { t } = useTranslation('system');
  const format = useFormat();
  const { palletsMoved, meanSeconds, synced, failed, activeUsers } = status.lastHour;
  const ended = synced + failed;
  const numbers: [string, string][] = [
    [t('status.moved'), format.number(palletsMoved)],
    [t('status.mean'), meanSeconds === null ? '–' : format.duration(0, meanSeconds * 1000)],
    [t('status.errors'), ended === 0 ? '–' : format.percent(failed / ended)],
    [t('status.users'), format.number(activeUsers)],
  ];
  return (
    <section className={classes.card} aria-labelledby="business">
      <h2 id="business">{t('status.business')}</h2>
      <dl className={classes.numbers}>
        {numbers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('status.chart')}</h3>
      <HourChart hours={status.movedByHour} />
    </section>
  );
}
