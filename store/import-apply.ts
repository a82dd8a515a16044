import { v7 as uuidv7 } from 'uuid';
import { codesOf, type ImportData, type ImportProblem } from '../domain/product-import';
import { oneColour, oneSize } from '../domain/product';
import type { Tx } from './db';
import {
  hasMoved,
  insertCodes,
  insertProducts,
  insertVariants,
  knownSkus,
  lockVariants,
  type NewProductRecord,
  type NewVariantRecord,
  updateProduct,
  updateVariants,
  type VariantState,
} from './products';
import { allSiteIds, listColours, listSizes } from './sites';
import { carryVariants } from './stock';
import {
  type ImportChange,
  variantAfter,
  productAfter,
  variantFields,
  fieldsOf,
  withFields,
  same,
  reversed,
  lockProducts,
  takenBack,
  nameKey,
} from './import-fields';

interface OpenRow {
  row: number;
  data: ImportData;
}

interface Done {
  row: number;
  problems: ImportProblem[];
  variantId: string | null;
  /** null = it could not be applied. */
  change: ImportChange | null;
}

/**
 * Applies the next `most` lines, each as the catalogue is now, not as it was at the preview. A line that cannot be applied any more
 * says why and is left out. Returns how many it has dealt with.
 */
export async function applyRows(tx: Tx, importId: string, userId: string | null, most: number): Promise<number> {
  const rows = await tx.query<OpenRow>(
    `SELECT row, data FROM product_import_row
     WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND NOT applied AND action IN ('create', 'update')
     ORDER BY row LIMIT $3::int`,
    [tx.tenantId, importId, most],
  );
  if (rows.length === 0) return 0;
  const known = await knownSkus(
    tx,
    rows.map(({ data }) => data.sku),
  );
  const fresh = rows.filter(({ data }) => !known.has(data.sku));
  const done = [
    ...(await changeKnown(
      tx,
      rows.flatMap((row) => (known.has(row.data.sku) ? [{ ...row, variantId: known.get(row.data.sku)! }] : [])),
      userId,
    )),
    ...(await createNew(tx, fresh, userId)),
  ];
  await addCodes(tx, rows, done);
  await tx.query(
    `WITH marked AS (
       UPDATE product_import_row i SET applied = r.applied, action = CASE WHEN r.applied THEN i.action ELSE 'bad' END,
         variant_id = coalesce(r.variant_id, i.variant_id), before = r.before, problems = r.problems
       FROM jsonb_to_recordset($3::jsonb) AS r (row int, applied boolean, variant_id uuid, before jsonb, problems jsonb)
       WHERE i.tenant_id = $1::uuid AND i.import_id = $2::uuid AND i.row = r.row
     ), told AS (
       UPDATE product_import SET done_count = done_count + $4::int, bad_count = bad_count + $5::int
       WHERE tenant_id = $1::uuid AND id = $2::uuid
     ) SELECT 1`,
    [
      tx.tenantId,
      importId,
      JSON.stringify(
        done.map(({ row, problems, variantId, change }) => ({
          row,
          applied: change !== null,
          variant_id: variantId,
          before: change,
          problems,
        })),
      ),
      done.filter(({ change }) => change !== null).length,
      done.filter(({ change }) => change === null).length,
    ],
  );
  return rows.length;
}

async function changeKnown(tx: Tx, rows: (OpenRow & { variantId: string })[], userId: string | null): Promise<Done[]> {
  if (rows.length === 0) return [];
  const variants = await lockVariants(
    tx,
    rows.map(({ variantId }) => variantId),
  );
  const products = await lockProducts(
    tx,
    [...variants.values()].map(({ productId }) => productId),
  );
  const back = await takenBack(
    tx,
    [...variants.values()].filter(({ active }) => !active).map(({ id }) => id),
  );
  const changed: VariantState[] = [];
  const done: Done[] = [];
  for (const { row, data, variantId } of rows) {
    const variant = variants.get(variantId)!;
    const product = products.get(variant.productId)!;
    const before = fieldsOf(product);
    const after = variantAfter(variant, data, back.has(variantId));
    const asProduct = productAfter(before, data, back.has(variantId));
    const problem = async (): Promise<ImportProblem | null> => {
      if (reversed(after)) return { field: 'minStock', code: 'limits_reversed' };
      if (asProduct.unit !== product.unit && (await hasMoved(tx, product.id)))
        return { field: 'unit', code: 'unit_in_use' };
      return null;
    };
    const found = await problem();
    if (found !== null) {
      done.push({ row, problems: [found], variantId, change: null });
      continue;
    }
    const productChange = same(before, asProduct) ? null : { before, after: asProduct };
    if (productChange !== null) {
      const next = withFields(product, asProduct);
      await updateProduct(tx, next, userId);
      products.set(product.id, next);
    }
    if (!same(after, variantFields(variant))) changed.push({ ...variant, ...after });
    done.push({
      row,
      problems: [],
      variantId,
      change: {
        productId: product.id,
        variant: { before: variantFields(variant), after },
        product: productChange,
        codes: [],
      },
    });
  }
  if (changed.length > 0) await updateVariants(tx, changed);
  return done;
}

/** New SKUs: of the product of that name, or of a new one. */
async function createNew(tx: Tx, rows: OpenRow[], userId: string | null): Promise<Done[]> {
  if (rows.length === 0) return [];
  const sizes = new Map((await listSizes(tx, null)).map(({ id, name }) => [nameKey(name), id]));
  const colours = new Map((await listColours(tx, null)).map(({ id, name }) => [nameKey(name), id]));
  const byName = await productsByName(tx, [...new Set(rows.map(({ data }) => data.name ?? data.sku))]);
  const made: { row: OpenRow; variant: NewVariantRecord; product: ImportChange['product'] }[] = [];
  const fresh: NewProductRecord[] = [];
  const done: Done[] = [];
  for (const row of rows) {
    const { data } = row;
    const sizeId = sizes.get(nameKey(data.size ?? oneSize));
    const colourId = colours.get(nameKey(data.colour ?? oneColour));
    const problems: ImportProblem[] = [
      ...(data.price === undefined ? [{ field: 'price', code: 'missing' } as const] : []),
      ...(sizeId === undefined ? [{ field: 'size', code: 'unknown_size' } as const] : []),
      ...(colourId === undefined ? [{ field: 'colour', code: 'unknown_colour' } as const] : []),
    ];
    if (data.price === undefined || sizeId === undefined || colourId === undefined) {
      done.push({ row: row.row, problems, variantId: null, change: null });
      continue;
    }
    const name = data.name ?? data.sku;
    let productId = byName.get(name);
    let product: ImportChange['product'] = null;
    if (productId === undefined) {
      const blank = { name, category: null, description: null, unit: 'unit', taxRate: 0.19, withdrawn: false } as const;
      const after = productAfter(blank, data, false);
      productId = uuidv7();
      fresh.push({ id: productId, ...after });
      byName.set(name, productId);
      product = { before: null, after };
    }
    made.push({
      row,
      product,
      variant: {
        id: uuidv7(),
        productId,
        sku: data.sku,
        sizeId,
        colourId,
        price: data.price,
        retailPrice: data.retailPrice ?? null,
        cost: data.cost ?? 0,
        minStock: data.minStock ?? null,
        maxStock: data.maxStock ?? null,
      },
    });
  }
  await insertProducts(tx, fresh, userId);
  const there = await insertVariants(
    tx,
    made.map(({ variant }) => variant),
  );
  const carried = made.filter(({ variant }) => there.has(variant.id)).map(({ variant }) => variant.id);
  const sites = await allSiteIds(tx);
  await carryVariants(
    tx,
    sites.flatMap((siteId) => carried.map((variantId) => ({ siteId, variantId }))),
  );
  for (const { row, variant, product } of made) {
    if (!there.has(variant.id)) {
      done.push({ row: row.row, problems: [{ field: 'size', code: 'variant_taken' }], variantId: null, change: null });
      continue;
    }
    const after = variantFields({ ...variant, active: true });
    done.push({
      row: row.row,
      problems: [],
      variantId: variant.id,
      change: { productId: variant.productId, variant: { before: null, after }, product, codes: [] },
    });
  }
  return done;
}

async function productsByName(tx: Tx, names: string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ name: string; id: string }>(
    `SELECT DISTINCT ON (name) name, id FROM product
     WHERE tenant_id = $1::uuid AND name = ANY ($2::text[]) AND withdrawn_at IS NULL ORDER BY name, id`,
    [tx.tenantId, names],
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** A code that another has taken meanwhile is told and left out; the rest of its line stands. */
async function addCodes(tx: Tx, rows: OpenRow[], done: Done[]): Promise<void> {
  const data = new Map(rows.map((row) => [row.row, row.data]));
  const asked = done.flatMap(({ row, variantId, change }) =>
    variantId === null || change === null ? [] : codesOf(data.get(row)!).map((code) => ({ ...code, variantId, row })),
  );
  if (asked.length === 0) return;
  const present = await tx.query<{ code: string }>(
    'SELECT code FROM variant_code WHERE tenant_id = $1::uuid AND code = ANY ($2::text[])',
    [tx.tenantId, asked.map(({ code }) => code)],
  );
  const there = new Set(present.map(({ code }) => code));
  const taken = new Set(
    await insertCodes(
      tx,
      asked.map(({ code, variantId, kind, supplier }) => ({ code, variantId, kind, supplier })),
    ),
  );
  for (const one of done) {
    for (const { code, kind } of asked.filter(({ row }) => row === one.row)) {
      const field = kind === 'barcode' ? 'barcodes' : 'supplierCodes';
      if (taken.has(code)) {
        if (!one.problems.some((known) => known.field === field)) one.problems.push({ field, code: 'code_taken' });
      } else if (!there.has(code)) one.change?.codes.push(code);
    }
  }
}
