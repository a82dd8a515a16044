import { ScrollArea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProductDetail } from '../../../../api/products/schemas';
import { useFormat } from '../../../i18n/format';
import table from '../DataTable.module.css';
import classes from './ProductDetail.module.css';
import { kindOf } from './ProductTable';

/** What each site has of each variant, and what it costs there. `onPrices` null = prices are not to be changed. */
export function StockBySite({
  product,
  onPrices,
}: {
  product: ProductDetail;
  onPrices: ((id: string) => void) | null;
}) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const sites = new Map(
    product.variants.flatMap(({ sites: its }) => its.map(({ siteId, siteName }) => [siteId, siteName] as const)),
  );
  if (sites.size === 0) return <p className={classes.none}>{t('detail.no_sites')}</p>;
  return (
    <ScrollArea
      type="auto"
      offsetScrollbars="present"
      viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': t('detail.by_site') }}
    >
      <table className={classes.bySite}>
        <thead>
          <tr>
            <th scope="col">{t('variant.name')}</th>
            {[...sites].map(([id, name]) => (
              <th key={id} scope="col" className={classes.number}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {product.variants.map((variant) => (
            <tr key={variant.id}>
              <th scope="row">
                {onPrices === null || variant.sites.length === 0 ? (
                  kindOf(variant) || t('variant.one')
                ) : (
                  <button
                    type="button"
                    className={classes.prices}
                    onClick={() => onPrices(variant.id)}
                    aria-label={t('detail.set_prices', { sku: variant.sku })}
                  >
                    {kindOf(variant) || t('variant.one')}
                  </button>
                )}
              </th>
              {[...sites.keys()].map((siteId) => {
                const site = variant.sites.find((one) => one.siteId === siteId);
                if (site === undefined) {
                  return (
                    <td key={siteId} className={`${classes.number} ${table.quiet}`}>
                      {t('detail.not_carried')}
                    </td>
                  );
                }
                const available = Number(site.available);
                const low = site.minStock !== null && available < Number(site.minStock);
                return (
                  <td key={siteId} className={classes.number}>
                    <span
                      className={classes.stock}
                      data-low={low}
                      title={t('variant.on_hand', { count: Number(site.onHand) })}
                    >
                      {format.number(available)}
                    </span>
                    {site.price !== null && <span className={classes.own}>{format.money(site.price)}</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
