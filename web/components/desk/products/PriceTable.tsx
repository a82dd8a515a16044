import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PriceView } from '../../../../api/prices/queries';
import { useFormat } from '../../../i18n/format';
import table from '../DataTable.module.css';
import classes from './PriceTable.module.css';
import { kindOf } from './ProductTable';
import { useErrorWords } from './useErrorWords';

interface Props {
  rows: PriceView[];
  /** They are of a site, which follows the business where it has none of its own. */
  ofSite: boolean;
  /** What was written, by variant; null = nothing may be. */
  drafts: ReadonlyMap<string, string> | null;
  bad: ReadonlySet<string>;
  set(row: PriceView, text: string): void;
}

/** Prices to be read, and written over where one may. */
export function PriceTable({ rows, ofSite, drafts, bad, set }: Props) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const words = useErrorWords();
  return (
    <table className={`${table.table} ${classes.prices}`}>
      <thead>
        <tr>
          <th scope="col">{t('column.product')}</th>
          <th scope="col">{t('variant.sku')}</th>
          <th scope="col">{t('column.category')}</th>
          {ofSite && (
            <th scope="col" className={classes.number}>
              {t('prices.business_price')}
            </th>
          )}
          <th scope="col" className={classes.field}>
            {ofSite ? t('prices.own_price') : t('prices.price')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const known = ofSite ? row.sitePrice : row.price;
          const text = drafts?.get(row.variantId);
          return (
            <tr key={row.variantId} data-changed={text !== undefined}>
              <td>
                <div>
                  <span className={table.strong}>{row.name}</span>
                  <span className={`${table.block} ${table.quiet}`}>{kindOf(row)}</span>
                </div>
              </td>
              <td className="nv-code">{row.sku}</td>
              <td className={table.quiet}>{row.category ?? '–'}</td>
              {ofSite && (
                <td className={classes.number} data-label={t('prices.business_price')}>
                  {format.money(row.businessPrice)}
                </td>
              )}
              <td className={classes.field} data-label={ofSite ? t('prices.own') : t('prices.price')}>
                {drafts === null ? (
                  known === null ? (
                    '–'
                  ) : (
                    format.money(known)
                  )
                ) : (
                  <TextInput
                    aria-label={t('prices.of_sku', { sku: row.sku })}
                    value={text ?? (known === null ? '' : format.amount(known))}
                    placeholder={format.amount(row.businessPrice)}
                    onChange={({ currentTarget }) => set(row, currentTarget.value)}
                    error={words(bad.has(row.variantId) ? 'bad_amount' : undefined)}
                    inputMode="decimal"
                    maxLength={20}
                    autoComplete="off"
                    classNames={{ input: classes.input }}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
