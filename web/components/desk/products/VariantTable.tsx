import { useTranslation } from 'react-i18next';
import { IconBan } from '@tabler/icons-react';
import type { ProductDetail, VariantDetail } from '../../../../api/products/schemas';
import { useFormat } from '../../../i18n/format';
import table from '../DataTable.module.css';
import classes from './ProductDetail.module.css';
import { kindOf, Swatch } from './ProductTable';

/** Of all sites that the person sees. */
const totalOf = (variant: VariantDetail): number =>
  variant.sites.reduce((total, { available }) => total + Number(available), 0);

/** The variants of a product with codes, prices of the business and limits. `onEdit` null = not to be changed. */
export function VariantTable({ product, onEdit }: { product: ProductDetail; onEdit: ((id: string) => void) | null }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const seesCost = product.variants.some(({ cost }) => cost !== null);
  const limit = (quantity: string | null) => (quantity === null ? '–' : format.number(Number(quantity)));
  return (
    <table className={`${table.table} ${classes.variants}`}>
      <thead>
        <tr>
          <th scope="col">{t('variant.name')}</th>
          <th scope="col">{t('variant.codes')}</th>
          <th scope="col" className={classes.number}>
            {t('variant.price')}
          </th>
          <th scope="col" className={classes.number}>
            {t('variant.retail')}
          </th>
          {seesCost && (
            <th scope="col" className={classes.number}>
              {t('variant.cost')}
            </th>
          )}
          <th scope="col" className={classes.number}>
            {t('variant.limits')}
          </th>
          <th scope="col" className={classes.number}>
            {t('variant.stock')}
          </th>
        </tr>
      </thead>
      <tbody>
        {product.variants.map((variant) => (
          <tr key={variant.id} className={classes.row} data-active={variant.active}>
            <td>
              <div>
                <span className={classes.kind}>
                  {variant.colourHex !== null && <Swatch hex={variant.colourHex} />}
                  {onEdit === null ? (
                    <span className={table.strong}>{kindOf(variant) || t('variant.one')}</span>
                  ) : (
                    <button
                      type="button"
                      className={classes.edit}
                      onClick={() => onEdit(variant.id)}
                      aria-label={t('variant.edit', { sku: variant.sku })}
                    >
                      {kindOf(variant) || t('variant.one')}
                    </button>
                  )}
                </span>
                <span className={`${table.block} ${table.quiet} nv-code`}>{variant.sku}</span>
                {!variant.active && (
                  <span className={table.mark} data-tone="bad">
                    <IconBan size={15} aria-hidden /> {t('variant.inactive')}
                  </span>
                )}
              </div>
            </td>
            <td data-label={t('variant.codes')}>
              <div className="nv-code">
                {variant.codes.length === 0
                  ? '–'
                  : variant.codes.map(({ code, kind, supplier }) => (
                      <span key={code} className={table.block}>
                        {code}
                        {kind === 'supplier' && (
                          <span className={table.quiet}> {supplier ?? t('form.code_supplier')}</span>
                        )}
                      </span>
                    ))}
              </div>
            </td>
            <td className={`${classes.number} ${table.strong}`} data-label={t('variant.price')}>
              {format.money(variant.price)}
            </td>
            <td className={classes.number} data-label={t('variant.retail')}>
              {variant.retailPrice === null ? '–' : format.money(variant.retailPrice)}
            </td>
            {seesCost && (
              <td className={classes.number} data-label={t('variant.cost')}>
                {variant.cost === null ? '–' : format.money(variant.cost)}
              </td>
            )}
            <td className={classes.number} data-label={t('variant.limits')}>
              {limit(variant.minStock)} – {limit(variant.maxStock)}
            </td>
            <td className={classes.number} data-label={t('variant.stock')}>
              {format.number(totalOf(variant))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
