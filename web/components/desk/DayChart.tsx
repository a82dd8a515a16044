import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format';
import table from './DataTable.module.css';
import classes from './DayChart.module.css';
import { type HourPair, ticksOf } from './day-sums';
import rows from './Rows.module.css';

const twoDigits = (hour: number): string => String(hour % 24).padStart(2, '0');

/**
 * Sales by hour beside those of the same weekday a week before. Drawn by the server too, so that it is there at once and on
 * paper; who cannot see it has the same figures as a table beneath.
 */
export function HourColumns(props: {
  hours: readonly HourPair[];
  currency: string;
  before: boolean;
  now: number | null;
}) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { hours, currency, before, now } = props;
  const ticks = ticksOf(Math.max(...hours.map((one) => Math.max(one.now.total, before ? one.before.total : 0))));
  const top = ticks.at(-1) ?? 1;
  const percent = (value: number): string => `${(value / top) * 100}%`;
  const money = (amount: number): string => format.money({ amount, currency });
  const range = (hour: number): string =>
    t('today.hour_range', { from: `${twoDigits(hour)}:00`, to: `${twoDigits(hour + 1)}:00` });
  const words = (one: { count: number; total: number }): string =>
    `${money(one.total)} · ${t('today.sales_count', { count: one.count })}`;
  return (
    <>
      {before && (
        <ul className={classes.legend} aria-hidden>
          <li>
            <span className={classes.key} /> {t('today.this_day')}
          </li>
          <li>
            <span className={classes.key} data-before /> {t('today.week_before')}
          </li>
        </ul>
      )}
      <div className={classes.plot} aria-hidden>
        <div className={classes.axis}>
          {ticks.map((tick) => (
            <span key={tick} className={classes.tick} style={{ bottom: percent(tick) }}>
              {format.short(tick)}
            </span>
          ))}
        </div>
        <div className={classes.field}>
          {ticks.slice(1).map((tick) => (
            <span key={tick} className={classes.line} style={{ bottom: percent(tick) }} />
          ))}
          {hours.map((one, at) => (
            <div
              key={one.hour}
              className={classes.hour}
              data-side={at < 3 ? 'start' : at > hours.length - 4 ? 'end' : 'middle'}
            >
              {before && (
                <span
                  className={classes.bar}
                  data-before
                  data-none={one.before.total === 0}
                  style={{ height: percent(one.before.total) }}
                />
              )}
              <span
                className={classes.bar}
                data-before={false}
                data-none={one.now.total === 0}
                style={{ height: percent(one.now.total) }}
              />
              <span className={classes.tip}>
                <strong>{range(one.hour)}</strong>
                {words(one.now)}
                {before && (
                  <span className={`${table.block} ${classes.quiet}`}>
                    {t('today.week_before')}: {words(one.before)}
                  </span>
                )}
              </span>
            </div>
          ))}
        </div>
        <div className={classes.names}>
          {hours.map(({ hour }) => (
            <span key={hour} data-now={hour === now}>
              {twoDigits(hour)}
            </span>
          ))}
        </div>
      </div>
      <details className={classes.table}>
        <summary>{t('today.as_table')}</summary>
        <table className={table.table}>
          <caption className="nv-hidden">{t('today.by_hour')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('today.hour')}</th>
              <th scope="col" className={rows.figure}>
                {t('today.this_day')}
              </th>
              {before && (
                <th scope="col" className={rows.figure}>
                  {t('today.week_before')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {hours.map((one) => (
              <tr key={one.hour}>
                <td>{range(one.hour)}</td>
                <td className={rows.figure} data-label={t('today.this_day')}>
                  {words(one.now)}
                </td>
                {before && (
                  <td className={rows.figure} data-label={t('today.week_before')}>
                    {words(one.before)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

export interface Rank {
  key: string;
  name: string;
  note?: string;
  /** A figure beside the amount: a quantity, a number of sales. */
  figure: string;
  total: number;
}

/** Names with their amounts, the longest bar for the largest: a table that can be seen. */
export function RankBars(props: {
  caption: string;
  name: string;
  figure: string;
  ranks: readonly Rank[];
  currency: string;
}) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { ranks, currency } = props;
  const most = Math.max(1, ...ranks.map(({ total }) => total));
  return (
    <table className={classes.ranks}>
      <caption className="nv-hidden">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{props.name}</th>
          <th scope="col">{props.figure}</th>
          <th scope="col">{t('total')}</th>
        </tr>
      </thead>
      <tbody>
        {ranks.map((rank) => (
          <tr key={rank.key}>
            <td>
              {rank.name} {rank.note !== undefined && <span className={`${classes.quiet} nv-code`}>{rank.note}</span>}
              <span className={classes.rank} style={{ width: `${(rank.total / most) * 100}%` }} aria-hidden />
            </td>
            <td className={classes.quiet}>{rank.figure}</td>
            <td>{format.money({ amount: rank.total, currency })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
