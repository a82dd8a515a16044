import type { Money } from './money';

/** In what a product is counted; what is sold by `unit` has no fractions. */
export const productUnits = ['unit', 'kg', 'm', 'l'] as const;
export type ProductUnit = (typeof productUnits)[number];

export const codeKinds = ['barcode', 'supplier'] as const;
export type CodeKind = (typeof codeKinds)[number];

/** The size and the colour of what has none, as every site is born with them. */
export const oneSize = 'Única';
export const oneColour = 'Único';

/** A sellable variant as lists and the till show it. `price` is that of the site that was asked for, or the business's. */
export interface VariantView {
  id: string;
  productId: string;
  sku: string;
  name: string;
  size: string;
  colour: string;
  colourHex: string | null;
  category: string | null;
  unit: ProductUnit;
  taxRate: number;
  price: Money;
  retailPrice: Money | null;
  barcodes: string[];
  imageUrl: string | null;
  active: boolean;
  version: number;
}

/** In a list of what a site sells: with what it can sell of it, as a decimal string; null = no site was named, or it does not carry it. */
export interface ListedVariant extends VariantView {
  available: string | null;
}

/** What a scan answers: with what the site has of it. Quantities are decimal strings; null = no site was named. */
export interface ScannedVariant extends VariantView {
  onHand: string | null;
  available: string | null;
  stale: boolean;
}
