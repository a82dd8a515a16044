import type { NewVariant } from '../../../../api/products/schemas';
import type { ProductUnit } from '../../../../domain/product';
import { parseAmount } from '../../../../domain/product-import';
import type { Problem } from '../api';
import { checkOthers, checkPrice, type Errors, type FormError, namedIn, stockedFields } from './product-form';

/** New variants: sizes times colours, with what they have in common and what each has of its own. */
export interface GridDraft {
  sku: string;
  price: string;
  retailPrice: string;
  cost: string;
  minStock: string;
  maxStock: string;
  /** Names; none = the product has no sizes. */
  sizes: string[];
  colours: string[];
  /** By key: what was written over what is suggested. */
  own: Record<string, Partial<OwnFields>>;
}

interface OwnFields {
  sku: string;
  price: string;
  code: string;
}

export interface GridRow extends OwnFields {
  key: string;
  size: string | null;
  colour: string | null;
}

export type CommonField = 'sku' | 'price' | 'retailPrice' | 'cost' | 'minStock' | 'maxStock';

export interface GridErrors {
  common: Errors<CommonField>;
  /** By key and field. */
  rows: Record<string, Errors<keyof OwnFields>>;
}

export const blankGrid: GridDraft = {
  sku: '',
  price: '',
  retailPrice: '',
  cost: '',
  minStock: '',
  maxStock: '',
  sizes: [],
  colours: [],
  own: {},
};

/** «Azul marino» → AZU, «XL» → XL: short enough for a label. */
function partOf(name: string): string {
  const bare = name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
  return bare.slice(0, 3);
}

/** Every size in every colour, in the order in which they were chosen, but for those that are `there` already. */
export function gridRows(draft: GridDraft, there: ReadonlySet<string> = new Set()): GridRow[] {
  const sizes = draft.sizes.length === 0 ? [null] : draft.sizes;
  const colours = draft.colours.length === 0 ? [null] : draft.colours;
  return sizes.flatMap((size) =>
    colours.flatMap((colour) => {
      const key = keyOf(size, colour);
      if (there.has(key)) return [];
      const suggested = [draft.sku.trim(), ...[size, colour].map((name) => (name === null ? '' : partOf(name)))];
      const own = draft.own[key];
      return [
        {
          key,
          size,
          colour,
          sku: own?.sku ?? (draft.sku.trim() === '' ? '' : suggested.filter((part) => part !== '').join('-')),
          price: own?.price ?? draft.price,
          code: own?.code ?? '',
        },
      ];
    }),
  );
}

export const keyOf = (size: string | null, colour: string | null): string => `${size ?? ''}|${colour ?? ''}`;

export const hasErrors = ({ common, rows }: GridErrors): boolean =>
  Object.keys(common).length > 0 || Object.values(rows).some((row) => Object.keys(row).length > 0);

/** What is wrong before it is sent; the server has the last word. */
export function checkGrid(draft: GridDraft, rows: GridRow[], unit: ProductUnit, currency: string): GridErrors {
  const common = checkOthers(draft, unit, currency);
  const seen = new Set<string>();
  const wrong = rows.map((row): [string, Errors<keyof OwnFields>] => {
    const sku = row.sku.trim();
    const twice = sku !== '' && seen.has(sku);
    seen.add(sku);
    const bad = checkPrice(row.price, currency);
    return [
      row.key,
      {
        ...(sku === '' && { sku: 'missing' }),
        ...(twice && { sku: 'sku_twice' }),
        ...(bad !== undefined && { price: bad }),
      },
    ];
  });
  // What is wrong with all of them is wrong above, where all of them have it from.
  const ofAll = (field: 'sku' | 'price'): FormError | undefined => {
    const first = wrong[0]?.[1][field];
    return wrong.every(([, row]) => row[field] === first) ? first : undefined;
  };
  const [sku, price] = [ofAll('sku'), ofAll('price')];
  const left = wrong.map(([key, row]): [string, Errors<keyof OwnFields>] => [
    key,
    {
      ...(sku === undefined && row.sku !== undefined && { sku: row.sku }),
      ...(price === undefined && row.price !== undefined && { price: row.price }),
    },
  ]);
  return {
    common: { ...common, ...(sku !== undefined && { sku }), ...(price !== undefined && { price }) },
    rows: Object.fromEntries(left.filter(([, row]) => Object.keys(row).length > 0)),
  };
}

/** Of a draft without errors. */
export function gridVariants(draft: GridDraft, rows: GridRow[], unit: ProductUnit, currency: string): NewVariant[] {
  return rows.map((row) => {
    const { retailPrice, cost, minStock, maxStock } = stockedFields(draft, unit, currency);
    return {
      sku: row.sku.trim(),
      ...(row.size !== null && { size: row.size }),
      ...(row.colour !== null && { colour: row.colour }),
      price: parseAmount(row.price, currency) ?? 0,
      cost,
      ...(retailPrice !== null && { retailPrice }),
      ...(minStock !== null && { minStock }),
      ...(maxStock !== null && { maxStock }),
      ...(row.code.trim() !== '' && { codes: [{ code: row.code.trim() }] }),
    };
  });
}

/** Beside which rows a refusal belongs; none = it is about the whole. */
export function gridErrorsOf(problem: Problem, rows: GridRow[]): GridErrors {
  const [field, named] =
    problem.code === 'code_taken'
      ? (['code', namedIn(problem, 'codes')] as const)
      : (['sku', namedIn(problem, 'skus')] as const);
  const found = rows.filter((row) => row[field].trim() !== '' && named.includes(row[field].trim()));
  if (rows.length === 1 && field === 'sku' && found.length > 0) return { common: { sku: problem.code }, rows: {} };
  return { common: {}, rows: Object.fromEntries(found.map(({ key }) => [key, { [field]: problem.code }])) };
}
