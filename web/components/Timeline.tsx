import { useTranslation } from 'react-i18next';
import type { OperationKind, TimelineEntry } from '../../domain/operation';
import { useFormat } from '../i18n/format';
import { gathered, timelineText } from '../i18n/timeline';
import classes from './Timeline.module.css';

/** What happened to an operation, in business words with times; the technical side is folded beneath each entry. */
export function Timeline({ kind, entries }: { kind: OperationKind; entries: TimelineEntry[] }) {
  const { t, i18n } = useTranslation('operations');
  const format = useFormat();
  const shown = gathered(entries);
  return (
    <ol className={classes.list} aria-label={t('timeline.title')}>
      {shown.map((entry, index) => (
        <li key={entry.id} className={classes.entry} data-state={entry.state}>
          <span className={classes.dot} aria-hidden />
          <div className={classes.body}>
            <p className={classes.words}>
              {timelineText(entry, kind, t, i18n.language === 'en' ? 'en' : 'es')}
              {entry.actor !== null && (
                <span className={classes.quiet}> · {t('timeline.by', { actor: entry.actor })}</span>
              )}
            </p>
            <p className={classes.quiet}>
              <time dateTime={entry.at} title={format.dateTime(entry.at)}>
                {format.time(entry.at)}
              </time>
              {entry.attempt !== shown[index - 1]?.attempt && entry.attempt > 1 && (
                <> · {t('timeline.attempt', { attempt: entry.attempt })}</>
              )}
            </p>
            {entry.data !== null && Object.keys(entry.data).length > 0 && (
              <details className={classes.detail}>
                <summary>{t('timeline.technical')}</summary>
                <pre>{JSON.stringify({ code: entry.code, step: entry.step, ...entry.data }, null, 2)}</pre>
              </details>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
