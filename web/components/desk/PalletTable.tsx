import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationDetail } from '../../../domain/operation';
import { useFormat } from '../../i18n/format';
import { problemText } from '../../i18n/problem';
import classes from './PalletTable.module.css';

type Line = OperationDetail['lines'][number];
const firstShown = 20;

/** The pallets of a move: those with a problem first, then as they were scanned. */
export function PalletTable({ lines }: { lines: Line[] }) {
  const { t } = useTranslation('desk');
  const format = useFormat();
  const [all, setAll] = useState(false);
  const placed = lines.some(({ from }) => from !== null);
  const troubled = lines.some(({ problem }) => problem !== null);
  const sorted = [...lines].sort((a, b) => Number(b.problem !== null) - Number(a.problem !== null));
  const weights = lines.map(({ weightKg }) => weightKg).filter((kg) => kg !== null);
  return (
    <>
      <table className={classes.table} role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader">{t('detail.pallet')}</th>
            <th role="columnheader" className={classes.kg}>
              {t('detail.weight')}
            </th>
            {placed && <th role="columnheader">{t('detail.from')}</th>}
            {troubled && <th role="columnheader">{t('detail.found')}</th>}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {(all ? sorted : sorted.slice(0, firstShown)).map((line) => (
            <Row key={line.code} line={line} placed={placed} troubled={troubled} />
          ))}
        </tbody>
        {weights.length > 1 && (
          <tfoot role="rowgroup">
            <tr role="row">
              <td role="cell">{t('pallets', { count: lines.length })}</td>
              <td role="cell" className={classes.kg}>
                {format.kg(weights.reduce((sum, kg) => sum + kg, 0))}
              </td>
              {(placed || troubled) && <td role="cell" className={classes.rest} colSpan={placed && troubled ? 2 : 1} />}
            </tr>
          </tfoot>
        )}
      </table>
      {!all && lines.length > firstShown && (
        <Button variant="subtle" mt="xs" onClick={() => setAll(true)}>
          {t('detail.show_all', { count: lines.length })}
        </Button>
      )}
    </>
  );
}

function Row({ line, placed, troubled }: { line: Line; placed: boolean; troubled: boolean }) {
  const { t, i18n } = useTranslation('desk');
  const format = useFormat();
  return (
    <tr role="row" data-problem={line.problem !== null}>
      <td role="cell">
        <span className={`nv-code ${classes.code}`}>{line.code}</span>
        {line.problem !== null && (
          <span className={classes.problem}>{problemText(line.problem, i18n.language === 'en' ? 'en' : 'es')}</span>
        )}
      </td>
      <td role="cell" className={classes.kg}>
        {line.weightKg === null ? '–' : format.kg(line.weightKg)}
      </td>
      {placed && (
        <td role="cell" data-label={t('detail.from')}>
          {line.from?.name ?? <span className={classes.quiet}>{t('detail.unknown_place')}</span>}
        </td>
      )}
      {troubled && (
        <td role="cell" data-label={t('detail.found')}>
          {line.found?.name ?? <span className={classes.quiet}>{t('detail.unknown_place')}</span>}
        </td>
      )}
    </tr>
  );
}
