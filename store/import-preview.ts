import {
  codesOf,
  type ImportData,
  type ImportField,
  type ImportLine,
  type ImportProblem,
} from '../domain/product-import';
import type { Tx } from './db';
import type { ProductRecord, VariantState } from './products';
import { listColours, listSizes } from './sites';
import {
  type ProductFields,
  variantAfter,
  productAfter,
  variantFields,
  productFields,
  same,
  reversed,
  takenBack,
  nameKey,
} from './import-fields';
import type { ImportAction } from './imports';

/** The catalogue as the lines of a file meet it. */
interface Catalogue {
  /** `back`: an import made it and was undone; a line that names it brings it back. */
  variants: Map<string, VariantState & ProductFields & { codes: Set<string>; back: boolean }>;
  codeOwners: Map<string, string>;
  sizes: Map<string, string>;
  colours: Map<string, string>;
}

async function readCatalogue(tx: Tx, lines: readonly ImportData[]): Promise<Catalogue> {
  const rows = await tx.query<{
    id: string;
    product_id: string;
    sku: string;
    price: bigint;
    retail_price: bigint | null;
    cost: bigint;
    min_stock: string | null;
    max_stock: string | null;
    active: boolean;
    version: number;
    name: string;
    category: string | null;
    description: string | null;
    unit: ProductRecord['unit'];
    tax_rate: number;
    withdrawn: boolean;
    codes: string[];
  }>(
    `SELECT v.id, v.product_id, v.sku, v.price, v.retail_price, v.cost, v.min_stock::text, v.max_stock::text, v.active, v.version,
       p.name, p.category, p.description, p.unit, p.tax_rate::float8 AS tax_rate, p.withdrawn_at IS NOT NULL AS withdrawn,
       ARRAY(SELECT k.code FROM variant_code k WHERE k.tenant_id = v.tenant_id AND k.variant_id = v.id) AS codes
     FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     WHERE v.tenant_id = $1::uuid AND v.sku = ANY ($2::text[])`,
    [tx.tenantId, lines.map(({ sku }) => sku)],
  );
  const back = await takenBack(
    tx,
    rows.filter(({ active }) => !active).map(({ id }) => id),
  );
  const codes = lines.flatMap((data) => codesOf(data).map(({ code }) => code));
  const owners = await tx.query<{ code: string; variant_id: string }>(
    'SELECT code, variant_id FROM variant_code WHERE tenant_id = $1::uuid AND code = ANY ($2::text[])',
    [tx.tenantId, codes],
  );
  const byName = (items: { id: string; name: string }[]) => new Map(items.map(({ id, name }) => [nameKey(name), id]));
  return {
    variants: new Map(
      rows.map((row) => [
        row.sku,
        {
          id: row.id,
          productId: row.product_id,
          sku: row.sku,
          price: Number(row.price),
          retailPrice: row.retail_price === null ? null : Number(row.retail_price),
          cost: Number(row.cost),
          minStock: row.min_stock,
          maxStock: row.max_stock,
          active: row.active,
          version: row.version,
          name: row.name,
          category: row.category,
          description: row.description,
          unit: row.unit,
          taxRate: row.tax_rate,
          withdrawn: row.withdrawn,
          back: back.has(row.id),
          codes: new Set(row.codes),
        },
      ]),
    ),
    codeOwners: new Map(owners.map((row) => [row.code, row.variant_id])),
    sizes: byName(await listSizes(tx, null)),
    colours: byName(await listColours(tx, null)),
  };
}

/** What each line would do now; adds what only the catalogue knows to be wrong. */
export async function previewLines(
  tx: Tx,
  lines: readonly ImportLine[],
): Promise<{ action: ImportAction; variantId: string | null }[]> {
  const catalogue = await readCatalogue(
    tx,
    lines.map(({ data }) => data),
  );
  return lines.map(({ data, problems }) => {
    const known = catalogue.variants.get(data.sku);
    // One for a field: what is wrong with it already says more than that it is missing, or another's.
    const problem = (field: ImportField, code: ImportProblem['code']): void => {
      if (!problems.some((one) => one.field === field)) problems.push({ field, code });
    };
    if (known === undefined) {
      if (data.name === undefined) problem('name', 'missing');
      if (data.price === undefined) problem('price', 'missing');
      if (data.size !== undefined && !catalogue.sizes.has(nameKey(data.size))) problem('size', 'unknown_size');
      if (data.colour !== undefined && !catalogue.colours.has(nameKey(data.colour)))
        problem('colour', 'unknown_colour');
    } else if (reversed(variantAfter(known, data, known.back))) {
      problem('minStock', 'limits_reversed');
    }
    for (const { code, kind } of codesOf(data)) {
      const owner = catalogue.codeOwners.get(code);
      if (owner !== undefined && owner !== known?.id)
        problem(kind === 'barcode' ? 'barcodes' : 'supplierCodes', 'code_taken');
    }
    const variantId = known?.id ?? null;
    if (problems.length > 0) return { action: 'bad', variantId };
    if (known === undefined) return { action: 'create', variantId };
    const unchanged =
      same(variantAfter(known, data, known.back), variantFields(known)) &&
      same(productAfter(known, data, known.back), productFields(known)) &&
      codesOf(data).every(({ code }) => known.codes.has(code));
    return { action: unchanged ? 'same' : 'update', variantId };
  });
}
