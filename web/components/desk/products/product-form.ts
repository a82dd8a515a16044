import type { ProductDetail, VariantDetail } from '../../../../api/products/schemas';
import type { ProductUnit } from '../../../../domain/product';
import { parseAmount, parseTaxRate } from '../../../../domain/product-import';
import { formatQuantity, isWhole, parseQuantity } from '../../../../domain/quantity';
import type { Money } from '../../../../domain/money';
import type { Problem } from '../api';

/** What is written into fields is text; what it means is found out when it is saved. */
export interface ProductDraft {
  name: string;
  category: string;
  unit: ProductUnit;
  /** Per cent. */
  tax: string;
  description: string;
}

export interface VariantDraft {
  sku: string;
  price: string;
  retailPrice: string;
  cost: string;
  minStock: string;
  maxStock: string;
  active: boolean;
}

/** Key of `products.form` for what is wrong with a field, or a code of the error catalogue. */
export type FormError =
  'missing' | 'bad_amount' | 'bad_quantity' | 'bad_tax' | 'limits' | 'sku_twice' | 'sites_missing' | (string & {});
export type Errors<Field extends string> = Partial<Record<Field, FormError>>;

/** How amounts are written: as the person's language has them. */
export type Write = (money: Money) => string;

const decimalMark = { es: ',', en: '.' } as const;
export type Language = keyof typeof decimalMark;

export function quantityWords(quantity: string | null, language: Language): string {
  return quantity === null ? '' : String(Number(quantity)).replace('.', decimalMark[language]);
}

export function taxWords(rate: number, language: Language): string {
  return String(Number((rate * 100).toFixed(2))).replace('.', decimalMark[language]);
}

export const blankProduct: ProductDraft = { name: '', category: '', unit: 'unit', tax: '19', description: '' };

export function productDraft(product: ProductDetail, language: Language): ProductDraft {
  const { name, category, unit, taxRate, description } = product;
  return { name, category: category ?? '', unit, tax: taxWords(taxRate, language), description: description ?? '' };
}

export function checkProduct(draft: ProductDraft): Errors<keyof ProductDraft> {
  return {
    ...(draft.name.trim() === '' && { name: 'missing' }),
    ...(parseTaxRate(draft.tax) === null && { tax: 'bad_tax' }),
  };
}

const textOrNull = (text: string): string | null => text.trim() || null;

/** Of a draft without errors. */
export function productFields(draft: ProductDraft) {
  return {
    name: draft.name.trim(),
    category: textOrNull(draft.category),
    unit: draft.unit,
    taxRate: parseTaxRate(draft.tax) ?? 0,
    description: textOrNull(draft.description),
  };
}

/** What was wrong, without the fields that are being mended; whether they are right says the next try. */
export function mended<Field extends string>(errors: Errors<Field>, change: object): Errors<Field> {
  const left = Object.entries(errors).filter(([field]) => !Object.hasOwn(change, field));
  return Object.fromEntries(left) as Errors<Field>;
}

/** What differs of `after` from `before`. */
export function differing<T extends object>(before: T, after: T): Partial<T> {
  const fields = (Object.keys(after) as (keyof T)[]).filter((field) => before[field] !== after[field]);
  return Object.fromEntries(fields.map((field) => [field, after[field]])) as Partial<T>;
}

export function variantDraft(variant: VariantDetail, write: Write, language: Language): VariantDraft {
  const amount = (value: Money | null) => (value === null ? '' : write(value));
  return {
    sku: variant.sku,
    price: write(variant.price),
    retailPrice: amount(variant.retailPrice),
    cost: amount(variant.cost),
    minStock: quantityWords(variant.minStock, language),
    maxStock: quantityWords(variant.maxStock, language),
    active: variant.active,
  };
}

/** Thousandths; null = left empty, undefined = no quantity of that unit. */
function quantity(text: string, unit: ProductUnit): number | null | undefined {
  if (text.trim() === '') return null;
  const milli = parseQuantity(text.trim().replace(',', '.'));
  return milli === null || milli < 0 || (unit === 'unit' && !isWhole(milli)) ? undefined : milli;
}

interface Stocked {
  price: string;
  retailPrice: string;
  cost: string;
  minStock: string;
  maxStock: string;
}

/** What is wrong with limits, and with prices but for the one that it is sold at. */
export function checkOthers(
  draft: Omit<Stocked, 'price'>,
  unit: ProductUnit,
  currency: string,
): Errors<Exclude<keyof Stocked, 'price'>> {
  const optional = (text: string) => text.trim() === '' || parseAmount(text, currency) !== null;
  const [min, max] = [quantity(draft.minStock, unit), quantity(draft.maxStock, unit)];
  return {
    ...(!optional(draft.retailPrice) && { retailPrice: 'bad_amount' }),
    ...(!optional(draft.cost) && { cost: 'bad_amount' }),
    ...(min === undefined && { minStock: 'bad_quantity' }),
    ...(max === undefined && { maxStock: 'bad_quantity' }),
    ...(min != null && max != null && min > max && { minStock: 'limits' }),
  };
}

export function checkPrice(text: string, currency: string): FormError | undefined {
  if (parseAmount(text, currency) !== null) return undefined;
  return text.trim() === '' ? 'missing' : 'bad_amount';
}

/** Of a draft without errors; a cost that is left out is none. */
export function stockedFields(draft: Stocked, unit: ProductUnit, currency: string) {
  const amount = (text: string) => parseAmount(text, currency);
  const limit = (text: string) => {
    const milli = quantity(text, unit);
    return milli == null ? null : formatQuantity(milli);
  };
  return {
    price: amount(draft.price) ?? 0,
    retailPrice: amount(draft.retailPrice),
    cost: amount(draft.cost) ?? 0,
    minStock: limit(draft.minStock),
    maxStock: limit(draft.maxStock),
  };
}

export function checkVariant(draft: VariantDraft, unit: ProductUnit, currency: string): Errors<keyof VariantDraft> {
  const price = checkPrice(draft.price, currency);
  return {
    ...checkOthers(draft, unit, currency),
    ...(price !== undefined && { price }),
    ...(draft.sku.trim() === '' && { sku: 'missing' }),
  };
}

export const variantFields = (draft: VariantDraft, unit: ProductUnit, currency: string) => ({
  sku: draft.sku.trim(),
  ...stockedFields(draft, unit, currency),
  active: draft.active,
});

/** What a problem names, beside its code. */
export function namedIn(problem: Problem, what: 'skus' | 'codes'): string[] {
  const named = (problem as Problem & Record<typeof what, unknown>)[what];
  return Array.isArray(named) ? named.filter((one) => typeof one === 'string') : [];
}
