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
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('detail.pallet')}</th>
            <th scope="col" className={classes.kg}>
              {t('detail.weight')}
            </th>
            {placed && <th scope="col">{t('detail.from')}</th>}
            {troubled && <th scope="col">{t('detail.found')}</th>}
          </tr>
        </thead>
        <tbody>
          {(all ? sorted : sorted.slice(0, firstShown)).map((line) => (
            <Row key={line.code} line={line} placed={placed} troubled={troubled} />
          ))}
        </tbody>
        {weights.length > 1 && (
          <tfoot>
            <tr>
              <td>{t('pallets', { count: lines.length })}</td>
              <td className={classes.kg}>{format.kg(weights.reduce((sum, kg) => sum + kg, 0))}</td>
              {(placed || troubled) && <td colSpan={placed && troubled ? 2 : 1} />}
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
    <tr data-problem={line.problem !== null}>
      <td>
        <span className={`nv-code ${classes.code}`}>{line.code}</span>
        {line.problem !== null && (
          <span className={classes.problem}>{problemText(line.problem, i18n.language === 'en' ? 'en' : 'es')}</span>
        )}
      </td>
      <td className={classes.kg}>{line.weightKg === null ? '–' : format.kg(line.weightKg)}</td>
      {placed && <td>{line.from?.name ?? <span className={classes.quiet}>{t('detail.unknown_place')}</span>}</td>}
      {troubled && <td>{line.found?.name ?? <span className={classes.quiet}>{t('detail.unknown_place')}</span>}</td>}
    </tr>
  );
}
