import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CountLineItem } from '../../../api/stock/schemas';
import { formatQuantity, quantityOf } from '../../../domain/quantity';
import { useFormat } from '../../i18n/format';
import { Article } from './Article';
import classes from './Count.module.css';
import table from './DataTable.module.css';
import { Card } from './Detail';
import rows from './Rows.module.css';
import stores from './Stores.module.css';

/** What was counted beside what was expected; while the count is open, also how much has moved since. */
export function CountTable(props: {
  lines: readonly CountLineItem[];
  open: boolean;
  onPick?: (line: CountLineItem) => void;
}) {
  const { t } = useTranslation('stock');
  const { lines, open, onPick } = props;
  const [only, setOnly] = useState(!open);
  const shown = only ? lines.filter(({ difference }) => Number(difference) !== 0) : lines;
  return (
    <Card
      title={t(open ? 'count.lines' : 'count.report')}
      count={lines.length}
      aside={
        <Switch
          className="nv-no-print"
          label={t('count.only_differences')}
          checked={only}
          onChange={({ currentTarget }) => setOnly(currentTarget.checked)}
        />
      }
    >
      {lines.length === 0 ? (
        <p className={stores.hint}>{t('count.nothing_yet')}</p>
      ) : shown.length === 0 ? (
        <p className={stores.hint}>{t('count.no_differences')}</p>
      ) : (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('article')}</th>
              <th scope="col" className={rows.figure}>
                {t('count.counted')}
              </th>
              <th scope="col" className={rows.figure}>
                {t('count.expected')}
              </th>
              <th scope="col" className={rows.figure}>
                {t('count.difference')}
              </th>
              {open && (
                <th scope="col" className={rows.figure} title={t('count.moved_hint')}>
                  {t('count.now')}
                </th>
              )}
              <th scope="col">{t('count.who')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <Line key={line.variantId} line={line} open={open} {...(onPick && { onPick })} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Line({ line, open, onPick }: { line: CountLineItem; open: boolean; onPick?: (line: CountLineItem) => void }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const difference = quantityOf(line.difference);
  const moved = quantityOf(line.onHand) - quantityOf(line.expected);
  const quantity = (value: string) => format.quantity(value, line.unit);
  return (
    <tr className={`${rows.row} ${rows.pair}`}>
      <td>
        {onPick === undefined ? (
          <Article article={line} />
        ) : (
          <button type="button" className={classes.pick} onClick={() => onPick(line)}>
            <Article article={line} />
          </button>
        )}
      </td>
      <td className={rows.figure} data-label={t('count.counted')}>
        <strong>{quantity(line.counted)}</strong>
      </td>
      <td className={rows.figure} data-label={t('count.expected')}>
        {quantity(line.expected)}
      </td>
      <td className={rows.figure} data-label={t('count.difference')}>
        <span className={rows.tag} data-tone={difference === 0 ? 'good' : difference < 0 ? 'bad' : 'warn'}>
          {difference === 0
            ? t('count.right')
            : `${t(difference < 0 ? 'count.missing' : 'count.surplus')} ${format.quantity(formatQuantity(Math.abs(difference)), line.unit)}`}
        </span>
      </td>
      {open && (
        <td className={rows.figure} data-label={t('count.now')}>
          <div>
            {quantity(line.onHand)}
            {moved !== 0 && (
              <span className={classes.moved}>
                {t('count.moved', { quantity: format.quantity(formatQuantity(moved), line.unit, true) })}
              </span>
            )}
          </div>
        </td>
      )}
      <td className={table.quiet}>
        <div>
          {line.countedBy.name}
          <span className={table.block}>{format.clock(line.countedAt)}</span>
        </div>
      </td>
    </tr>
  );
}
