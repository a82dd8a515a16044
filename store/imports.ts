import { v7 as uuidv7 } from 'uuid';
import {
  codesOf,
  type ImportData,
  type ImportField,
  type ImportLine,
  type ImportProblem,
} from '../domain/product-import';
import { oneColour, oneSize } from '../domain/product';
import type { Tx } from './db';
import {
  findProduct,
  hasMoved,
  insertCodes,
  insertProducts,
  insertVariants,
  knownSkus,
  lockVariants,
  type NewProductRecord,
  type NewVariantRecord,
  type ProductRecord,
  updateProduct,
  updateVariants,
  type VariantState,
} from './products';
import { allSiteIds, listColours, listSizes } from './sites';
import { carryVariants } from './stock';

export type ImportAction = 'create' | 'update' | 'same' | 'bad';

/** What of a variant and its product an import changes, and an undo restores. */
type VariantFields = Pick<VariantState, 'price' | 'retailPrice' | 'cost' | 'minStock' | 'maxStock' | 'active'>;
type ProductFields = Pick<ProductRecord, 'name' | 'category' | 'description' | 'unit' | 'taxRate'> & {
  withdrawn: boolean;
};

/** What a line did: `before` null = it made it. */
interface ImportChange {
  productId: string;
  variant: { before: VariantFields | null; after: VariantFields };
  product: { before: ProductFields | null; after: ProductFields } | null;
  /** That it added. */
  codes: string[];
}

// ---------------------------------------------------------------------------------------------------------------------
// The file and what it would do.

export interface NewImport {
  id: string;
  fileName: string;
  fileKey: string;
  ignoredColumns: string[];
  createdBy: string;
  lines: { row: number; line: ImportLine; action: ImportAction; variantId: string | null }[];
}

/** A part of the lines at a time: a statement of megabytes helps nobody. */
const linesOfStatement = 2_000;

export async function insertImport(tx: Tx, input: NewImport): Promise<void> {
  const bad = input.lines.filter(({ action }) => action === 'bad').length;
  await tx.query(
    `WITH made AS (
       INSERT INTO product_import (tenant_id, id, file_name, file_key, row_count, bad_count, ignored_columns, created_by)
       VALUES ($1::uuid, $2::uuid, $3, $4, $5::int, $6::int, $7::text[], $8::uuid)
     ) SELECT 1`,
    [
      tx.tenantId,
      input.id,
      input.fileName,
      input.fileKey,
      input.lines.length,
      bad,
      input.ignoredColumns,
      input.createdBy,
    ],
  );
  for (let at = 0; at < input.lines.length; at += linesOfStatement) {
    await tx.query(
      `WITH made AS (
         INSERT INTO product_import_row (tenant_id, import_id, row, data, problems, action, variant_id)
         SELECT $1::uuid, $2::uuid, r.row, r.data, r.problems, r.action, r.variant_id
         FROM jsonb_to_recordset($3::jsonb) AS r (row int, data jsonb, problems jsonb, action text, variant_id uuid)
       ) SELECT 1`,
      [
        tx.tenantId,
        input.id,
        JSON.stringify(
          input.lines.slice(at, at + linesOfStatement).map(({ row, line, action, variantId }) => ({
            row,
            data: line.data,
            problems: line.problems,
            action,
            variant_id: variantId,
          })),
        ),
      ],
    );
  }
}

/** The catalogue as the lines of a file meet it. */
interface Catalogue {
  /** `back`: an import made it and was undone; a line that names it brings it back. */
  variants: Map<string, VariantState & ProductFields & { codes: Set<string>; back: boolean }>;
  codeOwners: Map<string, string>;
  sizes: Map<string, string>;
  colours: Map<string, string>;
}

const nameKey = (name: string): string => name.trim().toLocaleLowerCase('es');

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

/** Which of them an import made that was taken back. */
async function takenBack(tx: Tx, variantIds: string[]): Promise<Set<string>> {
  if (variantIds.length === 0) return new Set();
  const rows = await tx.query<{ variant_id: string }>(
    `SELECT DISTINCT variant_id FROM product_import_row
     WHERE tenant_id = $1::uuid AND variant_id = ANY ($2::uuid[]) AND action = 'create' AND NOT applied`,
    [tx.tenantId, variantIds],
  );
  return new Set(rows.map((row) => row.variant_id));
}

/** The fields that a line changes of what is there. What a person withdrew stays withdrawn. */
function variantAfter(before: VariantFields, data: ImportData, back: boolean): VariantFields {
  return {
    price: data.price ?? before.price,
    retailPrice: data.retailPrice ?? before.retailPrice,
    cost: data.cost ?? before.cost,
    minStock: data.minStock ?? before.minStock,
    maxStock: data.maxStock ?? before.maxStock,
    active: before.active || back,
  };
}

function productAfter(before: ProductFields, data: ImportData, back: boolean): ProductFields {
  return {
    name: data.name ?? before.name,
    category: data.category ?? before.category,
    description: data.description ?? before.description,
    unit: data.unit ?? before.unit,
    taxRate: data.taxRate ?? before.taxRate,
    withdrawn: before.withdrawn && !back,
  };
}

const variantFields = ({ price, retailPrice, cost, minStock, maxStock, active }: VariantFields): VariantFields => ({
  price,
  retailPrice,
  cost,
  minStock,
  maxStock,
  active,
});
const productFields = ({ name, category, description, unit, taxRate, withdrawn }: ProductFields): ProductFields => ({
  name,
  category,
  description,
  unit,
  taxRate,
  withdrawn,
});

const fieldsOf = (product: ProductRecord): ProductFields =>
  productFields({ ...product, withdrawn: product.withdrawnAt !== null });

/** The product as these fields have it. */
const withFields = (product: ProductRecord, { withdrawn, ...fields }: ProductFields): ProductRecord => ({
  ...product,
  ...fields,
  withdrawnAt: withdrawn ? (product.withdrawnAt ?? new Date()) : null,
});

const same = <T extends object>(a: T, b: T): boolean =>
  (Object.keys(a) as (keyof T)[]).every((field) => a[field] === b[field]);

const reversed = ({ minStock, maxStock }: VariantFields): boolean =>
  minStock !== null && maxStock !== null && Number(minStock) > Number(maxStock);

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

// ---------------------------------------------------------------------------------------------------------------------
// What is known of an import.

export interface ImportRecord {
  id: string;
  fileName: string;
  fileKey: string;
  operationId: string | null;
  undoneBy: string | null;
  state: 'previewed' | 'applying' | 'applied' | 'undoing' | 'undone' | 'cancelled';
  rowCount: number;
  badCount: number;
  /** Lines that it would make or change. */
  toApply: number;
  /** Of these, how many have been dealt with. */
  doneCount: number;
  keptCount: number;
  ignoredColumns: string[];
  createdBy: { id: string; name: string };
  createdAt: Date;
  endedAt: Date | null;
}

interface ImportRow {
  id: string;
  file_name: string;
  file_key: string;
  operation_id: string | null;
  undone_by: string | null;
  state: ImportRecord['state'];
  row_count: number;
  bad_count: number;
  to_apply: number;
  done_count: number;
  kept_count: number;
  ignored_columns: string[];
  user_id: string;
  user_name: string | null;
  created_at: Date;
  ended_at: Date | null;
}

const importOf = (row: ImportRow): ImportRecord => ({
  id: row.id,
  fileName: row.file_name,
  fileKey: row.file_key,
  operationId: row.operation_id,
  undoneBy: row.undone_by,
  state: row.state,
  rowCount: row.row_count,
  badCount: row.bad_count,
  toApply: row.to_apply,
  doneCount: row.done_count,
  keptCount: row.kept_count,
  ignoredColumns: row.ignored_columns,
  createdBy: { id: row.user_id, name: row.user_name ?? '' },
  createdAt: row.created_at,
  endedAt: row.ended_at,
});

/** What state it is in, its operations say: one that undoes it and was cancelled has left it as it was. */
const importSelect = `i.id, i.file_name, i.file_key, i.operation_id, i.undone_by, i.row_count, i.bad_count, i.done_count, i.kept_count,
  i.ignored_columns, i.created_by AS user_id, u.name AS user_name, i.created_at, i.ended_at,
  (SELECT count(*)::int FROM product_import_row r WHERE r.tenant_id = i.tenant_id AND r.import_id = i.id AND r.action IN ('create', 'update')) AS to_apply,
  CASE WHEN i.operation_id IS NULL THEN 'previewed'
       WHEN o.state IN ('cancelled', 'compensated') THEN 'cancelled'
       WHEN o.state <> 'synced' THEN 'applying'
       WHEN x.state = 'synced' THEN 'undone'
       WHEN x.state IS NULL OR x.state = 'cancelled' THEN 'applied'
       ELSE 'undoing' END AS state`;

const importJoins = `LEFT JOIN app_user u ON u.tenant_id = i.tenant_id AND u.id = i.created_by
  LEFT JOIN operation o ON o.tenant_id = i.tenant_id AND o.id = i.operation_id
  LEFT JOIN operation x ON x.tenant_id = i.tenant_id AND x.id = i.undone_by`;

/** Newest first; `after` = the last one of the page before. */
export async function listImports(tx: Tx, after: string | null, limit: number): Promise<ImportRecord[]> {
  const rows = await tx.query<ImportRow>(
    `SELECT ${importSelect} FROM product_import i ${importJoins}
     WHERE i.tenant_id = $1::uuid AND ($2::uuid IS NULL OR i.id < $2::uuid) ORDER BY i.id DESC LIMIT $3::int`,
    [tx.tenantId, after, limit],
  );
  return rows.map(importOf);
}

/** @param lock takes the row for the rest of the transaction */
export async function findImport(tx: Tx, id: string, lock = false): Promise<ImportRecord | null> {
  const [row] = await tx.query<ImportRow>(
    `SELECT ${importSelect} FROM product_import i ${importJoins}
     WHERE i.tenant_id = $1::uuid AND i.id = $2::uuid ${lock ? 'FOR NO KEY UPDATE OF i' : ''}`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : importOf(row);
}

/** The file that an operation applies or undoes. */
export async function findImportOf(tx: Tx, operationId: string): Promise<ImportRecord | null> {
  const [row] = await tx.query<ImportRow>(
    `SELECT ${importSelect} FROM product_import i ${importJoins}
     WHERE i.tenant_id = $1::uuid AND (i.operation_id = $2::uuid OR i.undone_by = $2::uuid) LIMIT 1`,
    [tx.tenantId, operationId],
  );
  return row === undefined ? null : importOf(row);
}

export async function beginImport(tx: Tx, id: string, operationId: string): Promise<void> {
  await tx.query(
    'WITH begun AS (UPDATE product_import SET operation_id = $3::uuid WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1',
    [tx.tenantId, id, operationId],
  );
}

export async function beginImportUndo(tx: Tx, id: string, operationId: string): Promise<void> {
  await tx.query(
    'WITH begun AS (UPDATE product_import SET undone_by = $3::uuid WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1',
    [tx.tenantId, id, operationId],
  );
}

export async function endImport(tx: Tx, id: string): Promise<void> {
  await tx.query(
    'WITH ended AS (UPDATE product_import SET ended_at = clock_timestamp() WHERE tenant_id = $1::uuid AND id = $2::uuid) SELECT 1',
    [tx.tenantId, id],
  );
}

/** How far the work on it is, as its operation's timeline last told. */
export async function readProgress(
  tx: Tx,
  operationId: string,
): Promise<{ done: number; total: number; perSecond: number; secondsLeft: number | null } | null> {
  const [row] = await tx.query<{
    data: { done: number; total: number; perSecond: number; secondsLeft: number | null };
  }>(
    `SELECT data FROM operation_event WHERE tenant_id = $1::uuid AND operation_id = $2::uuid AND code IN ('progress', 'taken_back')
     ORDER BY id DESC LIMIT 1`,
    [tx.tenantId, operationId],
  );
  if (row === undefined) return null;
  const { done, total, perSecond, secondsLeft } = row.data;
  return { done, total, perSecond, secondsLeft };
}

export interface ImportRowRecord {
  row: number;
  data: ImportData;
  problems: ImportProblem[];
  action: ImportAction;
  variantId: string | null;
  applied: boolean;
  kept: boolean;
}

/** In the order of the file. `problems`: only lines with something wrong, or left by the undo. */
export async function listImportRows(
  tx: Tx,
  importId: string,
  query: { problems: boolean; after: number; limit: number },
): Promise<ImportRowRecord[]> {
  const rows = await tx.query<Omit<ImportRowRecord, 'variantId'> & { variant_id: string | null }>(
    `SELECT row, data, problems, action, variant_id, applied, kept FROM product_import_row
     WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND row > $3::int
       AND (NOT $4::boolean OR kept OR jsonb_array_length(problems) > 0)
     ORDER BY row LIMIT $5::int`,
    [tx.tenantId, importId, query.after, query.problems, query.limit],
  );
  return rows.map(({ variant_id, ...row }) => ({ ...row, variantId: variant_id }));
}

/** How many lines would do what. */
export async function countActions(tx: Tx, importId: string): Promise<Record<ImportAction, number>> {
  const rows = await tx.query<{ action: ImportAction; n: number }>(
    `SELECT action, count(*)::int AS n FROM product_import_row WHERE tenant_id = $1::uuid AND import_id = $2::uuid GROUP BY 1`,
    [tx.tenantId, importId],
  );
  return { create: 0, update: 0, same: 0, bad: 0, ...Object.fromEntries(rows.map(({ action, n }) => [action, n])) };
}

// ---------------------------------------------------------------------------------------------------------------------
// Forth and back.

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

/** By id, so that two who lock several do it in one order. */
async function lockProducts(tx: Tx, ids: string[]): Promise<Map<string, ProductRecord>> {
  const found = new Map<string, ProductRecord>();
  for (const id of [...new Set(ids)].sort()) {
    const product = await findProduct(tx, id, true);
    if (product !== null) found.set(id, product);
  }
  return found;
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

/**
 * Takes the last `most` lines back, the last one first: what they changed is as before, what they made is withdrawn and its codes are
 * free. What somebody has changed or moved since is left, and told. Returns how many it has dealt with.
 */
export async function takeBackRows(tx: Tx, importId: string, userId: string | null, most: number): Promise<number> {
  const rows = await tx.query<{ row: number; variant_id: string; before: ImportChange }>(
    `SELECT row, variant_id, before FROM product_import_row
     WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND applied AND NOT kept ORDER BY row DESC LIMIT $3::int`,
    [tx.tenantId, importId, most],
  );
  if (rows.length === 0) return 0;
  const variants = await lockVariants(
    tx,
    rows.map((row) => row.variant_id),
  );
  const products = await lockProducts(
    tx,
    rows.map(({ before }) => before.productId),
  );
  const moved = await movedAmong(tx, [...variants.keys()]);
  const kept = new Set<number>();
  const restored: VariantState[] = [];
  for (const { row, variant_id: variantId, before: change } of rows) {
    const variant = variants.get(variantId)!;
    const isAsLeft = same(change.variant.after, variantFields(variant));
    if (!isAsLeft || (change.variant.before === null && moved.has(variantId))) {
      kept.add(row);
      continue;
    }
    restored.push({ ...variant, ...(change.variant.before ?? { ...change.variant.after, active: false }) });
    await tx.query(
      `WITH gone AS (DELETE FROM variant_code WHERE tenant_id = $1::uuid AND variant_id = $2::uuid AND code = ANY ($3::text[])) SELECT 1`,
      [tx.tenantId, variantId, change.codes],
    );
    const product = products.get(change.productId);
    if (change.product?.before && product && same(change.product.after, fieldsOf(product))) {
      const next = withFields(product, change.product.before);
      await updateProduct(tx, next, userId);
      products.set(product.id, next);
    }
  }
  if (restored.length > 0) await updateVariants(tx, restored);
  await withdrawEmpty(
    tx,
    rows.flatMap(({ before: { product, productId } }) => (product?.before === null ? [productId] : [])),
    products,
    userId,
  );
  await tx.query(
    `WITH marked AS (
       UPDATE product_import_row SET kept = row = ANY ($4::int[]), applied = row = ANY ($4::int[])
       WHERE tenant_id = $1::uuid AND import_id = $2::uuid AND row = ANY ($3::int[])
     ), told AS (
       UPDATE product_import SET done_count = done_count - $5::int, kept_count = kept_count + $6::int
       WHERE tenant_id = $1::uuid AND id = $2::uuid
     ) SELECT 1`,
    [tx.tenantId, importId, rows.map(({ row }) => row), [...kept], rows.length, kept.size],
  );
  return rows.length;
}

/** Which of them have ever moved: goods that came or went are not withdrawn by an undo. */
async function movedAmong(tx: Tx, variantIds: string[]): Promise<Set<string>> {
  const rows = await tx.query<{ variant_id: string }>(
    'SELECT DISTINCT variant_id FROM stock_level WHERE tenant_id = $1::uuid AND variant_id = ANY ($2::uuid[]) AND version > 0',
    [tx.tenantId, variantIds],
  );
  return new Set(rows.map((row) => row.variant_id));
}

/** Products that the import made and of which nothing is left on sale. */
async function withdrawEmpty(
  tx: Tx,
  made: string[],
  products: Map<string, ProductRecord>,
  userId: string | null,
): Promise<void> {
  if (made.length === 0) return;
  const rows = await tx.query<{ id: string }>(
    `SELECT p.id FROM product p WHERE p.tenant_id = $1::uuid AND p.id = ANY ($2::uuid[]) AND p.withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM variant v WHERE v.tenant_id = p.tenant_id AND v.product_id = p.id AND v.active)`,
    [tx.tenantId, made],
  );
  for (const { id } of rows) {
    const product = products.get(id);
    if (product) await updateProduct(tx, { ...product, withdrawnAt: new Date() }, userId);
  }
}
