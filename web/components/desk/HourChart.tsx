import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format';
import classes from './HourChart.module.css';

/** Pallets by hour as bars; each says its number in words too. */
export function HourChart({ hours }: { hours: { from: string; pallets: number }[] }) {
  const { t } = useTranslation('system');
  const format = useFormat();
  const most = Math.max(1, ...hours.map(({ pallets }) => pallets));
  if (hours.every(({ pallets }) => pallets === 0)) return <p className={classes.none}>{t('status.chart_none')}</p>;
  return (
    <ol className={classes.chart} aria-label={t('status.chart')}>
      {hours.map(({ from, pallets }) => {
        const hour = format.time(from).slice(0, 5);
        return (
          <li key={from} className={classes.bar} title={t('status.chart_bar', { hour, count: pallets })}>
            <span className="nv-hidden">{t('status.chart_bar', { hour, count: pallets })}</span>
            <span className={classes.value} aria-hidden>
              {pallets > 0 ? format.number(pallets) : ''}
            </span>
            <span
              className={classes.fill}
              style={{ height: `${(pallets / most) * 96}px` }}
              data-none={pallets === 0}
              aria-hidden
            />
            <span className={classes.hour} aria-hidden>
              {hour.slice(0, 2)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
