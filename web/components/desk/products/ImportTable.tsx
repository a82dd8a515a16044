import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '../../../../api/imports/schemas';
import { useFormat } from '../../../i18n/format';
import table from '../DataTable.module.css';
import { ImportMark } from './ImportMark';
import classes from './ProductTable.module.css';

/** Files that were uploaded, newest first. */
export function ImportTable({ rows }: { rows: ImportView[] }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('imports.file')}</th>
          <th scope="col">{t('imports.state_label')}</th>
          <th scope="col">{t('imports.lines')}</th>
          <th scope="col">{t('imports.person')}</th>
          <th scope="col">{t('imports.when')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={classes.row}>
            <td>
              <Link to={`/imports/${row.id}`} className={classes.link}>
                {row.fileName}
              </Link>
            </td>
            <td className={table.tight}>
              <ImportMark file={row} />
            </td>
            <td>
              <div>
                {t('imports.count', { count: row.rowCount, n: format.number(row.rowCount) })}
                {row.badCount > 0 && (
                  <span className={table.quiet}>
                    {' '}
                    · {t('imports.count_bad', { count: row.badCount, n: format.number(row.badCount) })}
                  </span>
                )}
              </div>
            </td>
            <td className={table.quiet}>{row.createdBy.name}</td>
            <td className={`${table.tight} ${table.quiet}`}>
              <time dateTime={row.createdAt}>{format.dateTime(row.createdAt)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
