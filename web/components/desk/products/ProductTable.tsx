import { Link } from '@remix-run/react';
import { IconBan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { oneColour, oneSize, type VariantView } from '../../../../domain/product';
import { useFormat } from '../../../i18n/format';
import table from '../DataTable.module.css';
import { Picture } from './Picture';
import classes from './ProductTable.module.css';

/** Of the codes of a variant, as many as a row has room for. */
const mostCodes = 2;

/** Size and colour, as far as the variant has any. */
export function kindOf({ size, colour }: { size: string; colour: string }): string {
  return [size === oneSize ? null : size, colour === oneColour ? null : colour]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Sellable variants: a table on the desk, cards on a phone. `site`: where their prices are from. */
export function ProductTable({ rows, site }: { rows: VariantView[]; site: string | null }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  return (
    <table className={`${table.table} ${classes.products}`}>
      <thead>
        <tr>
          <th scope="col">{t('column.product')}</th>
          <th scope="col">{t('column.sku')}</th>
          <th scope="col">{t('column.category')}</th>
          <th scope="col" className={classes.number}>
            {site === null ? t('column.price') : t('column.price_at', { site })}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={classes.row} data-active={row.active}>
            <td className={classes.product}>
              <Picture url={row.imageUrl} />
              <span className={classes.words}>
                <Link
                  to={`/products/${row.productId}`}
                  state={{ fromList: true }}
                  className={classes.link}
                  aria-label={t('open', { name: [row.name, kindOf(row)].filter(Boolean).join(' '), sku: row.sku })}
                >
                  {row.name}
                </Link>
                <span className={classes.kind}>
                  {row.colourHex !== null && <Swatch hex={row.colourHex} />}
                  {kindOf(row)}
                  {!row.active && (
                    <span className={table.mark} data-tone="bad">
                      <IconBan size={15} aria-hidden /> {t('withdrawn')}
                    </span>
                  )}
                </span>
              </span>
            </td>
            <td>
              <div className="nv-code">
                {row.sku}
                {row.barcodes.length > 0 && (
                  <span className={`${table.block} ${table.quiet}`}>
                    {row.barcodes.slice(0, mostCodes).join(', ')}
                    {row.barcodes.length > mostCodes &&
                      ` ${t('codes_more', { count: row.barcodes.length - mostCodes })}`}
                  </span>
                )}
              </div>
            </td>
            <td className={classes.category}>{row.category ?? '–'}</td>
            <td className={`${classes.number} ${table.strong}`}>{format.money(row.price)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A colour to see; its name stands beside it. */
export function Swatch({ hex }: { hex: string }) {
  return <span className={classes.swatch} style={{ background: hex }} aria-hidden />;
}
