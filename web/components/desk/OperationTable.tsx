import { Link } from '@remix-run/react';
import { IconChevronRight } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationState, OperationSummary } from '../../../domain/operation';
import { useFormat } from '../../i18n/format';
import { StateChip } from '../StateChip';
import classes from './OperationTable.module.css';
import { shortSentence } from './sentence';
import { subjectLabel, subjectTotal } from './subject';
import { useDay } from './useDay';

interface Props {
  rows: OperationSummary[];
  /** The state that the filter asks for; rows that left it say so, and are not taken away. */
  wanted: OperationState | null;
  now: number;
  onOpen(id: string): void;
}

/** A table on the desk, cards on a phone; the same rows in the same order for screen readers. */
export function OperationTable({ rows, wanted, now, onOpen }: Props) {
  const { t } = useTranslation('desk');
  return (
    <table className={classes.table} role="table">
      <thead role="rowgroup" className={classes.head}>
        <tr role="row">
          <th role="columnheader">{t('column.state')}</th>
          <th role="columnheader">{t('column.number')}</th>
          <th role="columnheader">{t('column.what')}</th>
          <th role="columnheader">{t('column.destination')}</th>
          <th role="columnheader">{t('column.site')}</th>
          <th role="columnheader">{t('column.person')}</th>
          <th role="columnheader" className={classes.end}>
            {t('column.when')}
          </th>
          <th role="columnheader">
            <span className="nv-hidden">{t('column.open')}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <Row key={row.id} row={row} left={wanted !== null && row.state !== wanted} now={now} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

const Row = memo(function Row({
  row,
  left,
  now,
  onOpen,
}: {
  row: OperationSummary;
  left: boolean;
  now: number;
  onOpen(id: string): void;
}) {
  const { t, i18n } = useTranslation('desk');
  const { t: words } = useTranslation('operations');
  const { t: sales } = useTranslation('sales');
  const format = useFormat();
  const day = useDay();
  const sentence = shortSentence(row, i18n.language === 'en' ? 'en' : 'es');
  const { count, codes } = row.pallets;
  return (
    <tr role="row" className={classes.row} data-state={row.state} data-left={left} data-id={row.id}>
      <td role="cell" className={classes.state}>
        {/* A change of version replays the flash. */}
        <span key={row.version} className={classes.flash}>
          <StateChip state={row.state} />
        </span>
      </td>
      <td role="cell" className={`nv-words ${classes.number}`}>
        <Link
          to={`/operations/${row.id}`}
          state={{ fromList: true }}
          className={classes.link}
          onClick={() => onOpen(row.id)}
        >
          {t('number', { number: row.number })}
        </Link>
      </td>
      <td role="cell" className={classes.what}>
        {row.kind === 'move_pallets' ? (
          <span className={classes.pallets}>
            <strong>{t('pallets', { count })}</strong>{' '}
            <span className="nv-code">
              {codes.join(', ')}
              {count > codes.length && ` ${t('and_more', { count: count - codes.length })}`}
            </span>
          </span>
        ) : (
          <span className={classes.pallets}>
            <strong>{words(`kind.${row.kind}`)}</strong> {row.subject !== null && subjectLabel(row.subject, sales)}
          </span>
        )}
        {sentence !== null && <span className={classes.sentence}>{sentence}</span>}
        {(row.attempt > 1 || row.cancelRequested || left) && (
          <span className={classes.notes}>
            {[
              row.attempt > 1 ? t('attempt', { attempt: row.attempt }) : null,
              row.cancelRequested && !['cancelled', 'compensated'].includes(row.state) ? t('cancelling') : null,
              left ? t('no_longer_fits') : null,
            ]
              .filter((note) => note !== null)
              .join(' · ')}
          </span>
        )}
      </td>
      <td
        role="cell"
        className={`nv-words ${classes.destination}`}
        data-what={row.destination === null ? (row.subject?.total ? 'total' : 'none') : 'place'}
        title={row.destination?.barcode ?? undefined}
      >
        {row.destination?.name ?? (row.subject && subjectTotal(row.kind, row.subject, format)) ?? '–'}
      </td>
      <td role="cell" className={classes.site}>
        {row.site?.name ?? '–'}
      </td>
      <td role="cell" className={classes.person}>
        {row.createdBy?.name ?? t('system')}
      </td>
      <td role="cell" className={classes.when}>
        <time dateTime={row.createdAt} title={format.dateTime(row.createdAt)}>
          {day.of(row.createdAt) === day.of(now) ? format.time(row.createdAt) : format.dateTime(row.createdAt)}
        </time>
        <span className={classes.ago}>{format.ago(row.createdAt, now)}</span>
      </td>
      <td role="cell" className={classes.arrow} aria-hidden>
        <IconChevronRight size={18} stroke={1.8} />
      </td>
    </tr>
  );
});
