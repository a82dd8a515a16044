import { IconAlertTriangle, IconEqual, IconPencil, IconPlus, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ImportRowView } from '../../../../api/imports/schemas';
import { useFormat } from '../../../i18n/format';
import { es } from '../../../i18n/resources';
import table from '../DataTable.module.css';
import classes from './Imports.module.css';

type Action = ImportRowView['action'];
type Field = keyof typeof es.products.imports.field;

const marks: Record<Action, { icon: TablerIcon; tone?: 'good' | 'bad' | 'info' }> = {
  create: { icon: IconPlus, tone: 'good' },
  update: { icon: IconPencil, tone: 'info' },
  same: { icon: IconEqual },
  bad: { icon: IconAlertTriangle, tone: 'bad' },
};

const isField = (field: string): field is Field => Object.hasOwn(es.products.imports.field, field);

/** Lines of a file: what each does, and what is wrong with it. */
export function ImportRows({ rows, currency }: { rows: ImportRowView[]; currency: string }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('imports.line')}</th>
          <th scope="col">{t('imports.does')}</th>
          <th scope="col">{t('imports.field.sku')}</th>
          <th scope="col">{t('imports.field.name')}</th>
          <th scope="col" className={classes.number}>
            {t('imports.field.price')}
          </th>
          <th scope="col">{t('imports.result')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, action, data, problems, kept }) => {
          const { icon: Icon, tone } = marks[action];
          return (
            <tr key={row}>
              <td className={`${table.tight} ${table.quiet}`} data-label={t('imports.line')}>
                {format.number(row)}
              </td>
              <td className={table.tight}>
                <span className={table.mark} data-tone={tone}>
                  <Icon size={16} stroke={2.1} aria-hidden /> {t(`imports.action.${action}`)}
                </span>
              </td>
              <td className="nv-code">{data.sku === '' ? '–' : data.sku}</td>
              <td>
                <div>
                  {data.name ?? <span className={table.quiet}>–</span>}
                  {(data.size !== undefined || data.colour !== undefined) && (
                    <span className={`${table.block} ${table.quiet}`}>
                      {[data.size, data.colour].filter((part) => part !== undefined).join(' · ')}
                    </span>
                  )}
                </div>
              </td>
              <td className={classes.number} data-label={t('imports.field.price')}>
                {data.price === undefined ? '–' : format.money({ amount: data.price, currency })}
              </td>
              <td>
                <div>
                  {problems.map(({ field, code, message }) => (
                    <span key={`${field} ${code}`} className={classes.problem}>
                      <strong>{isField(field) ? t(`imports.field.${field}`) : field}:</strong> {message}
                    </span>
                  ))}
                  {kept && <span className={table.quiet}>{t('imports.kept')}</span>}
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
