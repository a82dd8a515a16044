import { oneColour, oneSize, type VariantView } from '../../domain/product';
import { parseQuantity } from '../../domain/quantity';

/** What the till knows of something that is sold. Amounts in minor units, quantities in thousandths. */
export interface Product {
  variantId: string;
  sku: string;
  /** With size and colour, where it has them. */
  name: string;
  unit: VariantView['unit'];
  /** At this site, with tax. */
  price: number;
  taxRate: number;
  imageUrl: string | null;
  /** What this site can sell; null = not known. */
  available: number | null;
  withdrawn: boolean;
}

/** As lists, scans and searches answer it. */
export type SeenVariant = Pick<
  VariantView,
  'id' | 'sku' | 'name' | 'size' | 'colour' | 'unit' | 'price' | 'taxRate' | 'imageUrl' | 'active' | 'barcodes'
> & { available?: string | null };

export function productOf(variant: SeenVariant): Product {
  const { id, sku, name, size, colour, unit, price, taxRate, imageUrl, active, available } = variant;
  const parts = [name, ...(size === oneSize ? [] : [size]), ...(colour === oneColour ? [] : [colour])];
  return {
    variantId: id,
    sku,
    name: parts.join(' · '),
    unit,
    price: price.amount,
    taxRate,
    imageUrl,
    available: available == null ? null : parseQuantity(available),
    withdrawn: !active,
  };
}

/** Sold by weight or length: each line is measured by itself. */
export const isMeasured = (product: Pick<Product, 'unit'>): boolean => product.unit !== 'unit';
