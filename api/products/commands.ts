import { v7 as uuidv7 } from 'uuid';
import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { oneColour, oneSize } from '../../domain/product';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import {
  deleteCode,
  findProduct,
  hasMoved,
  insertCodes,
  insertProduct,
  insertVariants,
  knownSkus,
  lockVariants,
  type NewVariantRecord,
  type ProductRecord,
  readCurrency,
  updateProduct as updateRecord,
  updateVariants,
  type VariantCode,
  type VariantState,
} from '../../store/products';
import { allSiteIds, knownSites, listColours, listSizes } from '../../store/sites';
import { carryVariants } from '../../store/stock';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { maybe, priceIn, quantityText, requireLimits } from './amounts';
import { productDetail } from './queries';
import type {
  MoreVariants,
  NewCode,
  NewProduct,
  NewVariant,
  ProductChange,
  ProductDetail,
  VariantChange,
} from './schemas';

/**
 * CAT-01: a product with its variants and codes, carried by the sites named (all, unless said).
 * @throws NervioError unknown_size, unknown_colour, sku_taken, code_taken, variant_taken, limits_reversed, wrong_currency, unknown_site
 */
export async function createProduct(
  deps: ApiDeps,
  actor: Actor,
  input: NewProduct,
  key: string,
): Promise<CommandResult<ProductDetail>> {
  const command = {
    actor,
    permission: 'products.write',
    key,
    method: 'POST',
    path: '/api/v1/products',
    body: input,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const id = uuidv7();
    const product = {
      id,
      name: input.name.trim(),
      category: maybe(input.category, (text) => text.trim()),
      description: maybe(input.description, (text) => text.trim() || null),
      unit: input.unit ?? 'unit',
      taxRate: input.taxRate ?? 0.19,
    } as const;
    await insertProduct(tx, product, actor.userId);
    const variants = await addVariants(tx, actor, id, input.variants, input.sites);
    await audit(tx, actor, {
      action: 'product.created',
      entityType: 'product',
      entityId: id,
      after: { ...product, variants },
    });
    return { status: 201, body: await productDetail(tx, actor, id) };
  });
}

/** More sizes or colours of a product. @throws as `createProduct`, and not_found */
export async function addProductVariants(
  deps: ApiDeps,
  actor: Actor,
  productId: string,
  input: MoreVariants,
  key: string,
): Promise<CommandResult<ProductDetail>> {
  const path = `/api/v1/products/${productId}/variants`;
  const command = { actor, permission: 'products.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    await foundProduct(tx, productId);
    const variants = await addVariants(tx, actor, productId, input.variants, input.sites);
    await audit(tx, actor, {
      action: 'product.variants_added',
      entityType: 'product',
      entityId: productId,
      after: { variants },
    });
    return { status: 201, body: await productDetail(tx, actor, productId) };
  });
}

/**
 * Changes what is given, upon `version`. A withdrawn product is not sold any more; its stock and history stay.
 * @throws NervioError not_found, version_conflict, unit_in_use
 */
export async function updateProduct(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: ProductChange,
  key: string,
): Promise<CommandResult<ProductDetail>> {
  const path = `/api/v1/products/${id}`;
  const command = { actor, permission: 'products.write', key, method: 'PATCH', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const before = await foundProduct(tx, id);
    if (before.version !== input.version) throw new NervioError('version_conflict', { version: before.version });
    const after: ProductRecord = {
      ...before,
      name: input.name?.trim() ?? before.name,
      category: input.category === undefined ? before.category : maybe(input.category, (text) => text.trim()),
      description:
        input.description === undefined ? before.description : maybe(input.description, (text) => text.trim() || null),
      unit: input.unit ?? before.unit,
      taxRate: input.taxRate ?? before.taxRate,
      withdrawnAt: withdrawnAt(before, input.withdrawn),
    };
    if (after.unit !== before.unit && (await hasMoved(tx, id))) throw new NervioError('unit_in_use');
    await updateRecord(tx, after, actor.userId);
    await audit(tx, actor, {
      action: 'product.changed',
      entityType: 'product',
      entityId: id,
      before: tracked(before),
      after: tracked(after),
    });
    return { status: 200, body: await productDetail(tx, actor, id) };
  });
}

/**
 * Changes what is given of one variant, upon its `version`.
 * @throws NervioError not_found, version_conflict, sku_taken, limits_reversed, wrong_currency
 */
export async function updateVariant(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: VariantChange,
  key: string,
): Promise<CommandResult<ProductDetail>> {
  const path = `/api/v1/variants/${id}`;
  const command = { actor, permission: 'products.write', key, method: 'PATCH', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const before = await foundVariant(tx, id);
    if (before.version !== input.version) throw new NervioError('version_conflict', { version: before.version });
    const currency = await readCurrency(tx);
    const price = (value: Parameters<typeof priceIn>[1]) => priceIn(currency, value);
    const after: VariantState = {
      ...before,
      sku: input.sku?.trim() ?? before.sku,
      price: input.price === undefined ? before.price : price(input.price),
      retailPrice: input.retailPrice === undefined ? before.retailPrice : maybe(input.retailPrice, price),
      cost: input.cost === undefined ? before.cost : price(input.cost),
      minStock: input.minStock === undefined ? before.minStock : maybe(input.minStock, quantityText),
      maxStock: input.maxStock === undefined ? before.maxStock : maybe(input.maxStock, quantityText),
      active: input.active ?? before.active,
    };
    requireLimits(after);
    const owner = (await knownSkus(tx, [after.sku])).get(after.sku);
    if (owner !== undefined && owner !== id) throw new NervioError('sku_taken', { skus: [after.sku] });
    await updateVariants(tx, [after]);
    await audit(tx, actor, {
      action: 'variant.changed',
      entityType: 'variant',
      entityId: id,
      before: trackedVariant(before),
      after: trackedVariant(after),
    });
    return { status: 200, body: await productDetail(tx, actor, before.productId) };
  });
}

/** @throws NervioError not_found, code_taken */
export async function addCode(
  deps: ApiDeps,
  actor: Actor,
  variantId: string,
  input: NewCode,
  key: string,
): Promise<CommandResult<ProductDetail>> {
  const path = `/api/v1/variants/${variantId}/codes`;
  const command = { actor, permission: 'products.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const variant = await foundVariant(tx, variantId);
    const code = codeOf(variantId, input);
    const taken = await insertCodes(tx, [code]);
    if (taken.length > 0) throw new NervioError('code_taken', { codes: taken });
    await audit(tx, actor, { action: 'code.added', entityType: 'variant', entityId: variantId, after: code });
    return { status: 201, body: await productDetail(tx, actor, variant.productId) };
  });
}

/** @throws NervioError not_found, unknown_code */
export async function removeCode(
  deps: ApiDeps,
  actor: Actor,
  variantId: string,
  input: { code: string },
  key: string,
): Promise<CommandResult<ProductDetail>> {
  const path = `/api/v1/variants/${variantId}/codes/remove`;
  const command = { actor, permission: 'products.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const variant = await foundVariant(tx, variantId);
    if (!(await deleteCode(tx, variantId, input.code.trim()))) throw new NervioError('unknown_code');
    await audit(tx, actor, { action: 'code.removed', entityType: 'variant', entityId: variantId, before: input });
    return { status: 200, body: await productDetail(tx, actor, variant.productId) };
  });
}

/** The rows of new variants; returns what the audit keeps of them. */
async function addVariants(
  tx: Tx,
  actor: Actor,
  productId: string,
  inputs: NewVariant[],
  sites: string[] | undefined,
): Promise<object[]> {
  const currency = await readCurrency(tx);
  const price = (value: Parameters<typeof priceIn>[1]) => priceIn(currency, value);
  const sizeId = named(await listSizes(tx, null), 'unknown_size');
  const colourId = named(await listColours(tx, null), 'unknown_colour');
  const variants = inputs.map((input): NewVariantRecord => {
    const limits = { minStock: maybe(input.minStock, quantityText), maxStock: maybe(input.maxStock, quantityText) };
    requireLimits(limits);
    return {
      id: uuidv7(),
      productId,
      sku: input.sku.trim(),
      sizeId: sizeId(input.size ?? oneSize),
      colourId: colourId(input.colour ?? oneColour),
      price: price(input.price),
      retailPrice: maybe(input.retailPrice, price),
      cost: input.cost === undefined ? 0 : price(input.cost),
      ...limits,
    };
  });
  const taken = [
    ...twice(variants.map(({ sku }) => sku)),
    ...(
      await knownSkus(
        tx,
        variants.map(({ sku }) => sku),
      )
    ).keys(),
  ];
  if (taken.length > 0) throw new NervioError('sku_taken', { skus: taken });
  const made = await insertVariants(tx, variants);
  const left = variants.filter(({ id }) => !made.has(id));
  if (left.length > 0) throw new NervioError('variant_taken', { skus: left.map(({ sku }) => sku) });

  const codes = variants.flatMap(({ id }, at) => (inputs[at]?.codes ?? []).map((code) => codeOf(id, code)));
  const codesTaken = [...twice(codes.map(({ code }) => code)), ...(await insertCodes(tx, codes))];
  if (codesTaken.length > 0) throw new NervioError('code_taken', { codes: codesTaken });

  const siteIds = await carriers(tx, actor, sites);
  await carryVariants(
    tx,
    siteIds.flatMap((siteId) => variants.map(({ id }) => ({ siteId, variantId: id }))),
  );
  return variants.map((variant) => ({
    ...variant,
    codes: codes.filter(({ variantId }) => variantId === variant.id).map(({ code }) => code),
  }));
}

async function carriers(tx: Tx, actor: Actor, sites: string[] | undefined): Promise<string[]> {
  if (sites === undefined) return allSiteIds(tx);
  const known = await knownSites(tx, sites);
  if (sites.some((id) => !known.has(id) || !seesSite(actor, id))) throw new NervioError('unknown_site');
  return sites;
}

/** @throws NervioError `unknown` with the name */
function named(
  known: { id: string; name: string }[],
  unknown: 'unknown_size' | 'unknown_colour',
): (name: string) => string {
  const ids = new Map(known.map(({ id, name }) => [name.toLocaleLowerCase('es'), id]));
  return (name) => {
    const id = ids.get(name.trim().toLocaleLowerCase('es'));
    if (id === undefined) throw new NervioError(unknown, { name });
    return id;
  };
}

/** What is there more than once. */
function twice(values: string[]): Set<string> {
  return new Set(values.filter((value, at) => values.indexOf(value) !== at));
}

const codeOf = (variantId: string, input: NewCode): VariantCode => ({
  code: input.code.trim(),
  variantId,
  kind: input.kind ?? 'barcode',
  supplier: maybe(input.supplier, (text) => text.trim()),
});

function withdrawnAt(before: ProductRecord, withdrawn: boolean | undefined): Date | null {
  if (withdrawn === undefined) return before.withdrawnAt;
  return withdrawn ? (before.withdrawnAt ?? new Date()) : null;
}

const tracked = ({ name, category, description, unit, taxRate, withdrawnAt: since }: ProductRecord) => ({
  name,
  category,
  description,
  unit,
  taxRate,
  withdrawnAt: since,
});

const trackedVariant = ({ sku, price, retailPrice, cost, minStock, maxStock, active }: VariantState) => ({
  sku,
  price,
  retailPrice,
  cost,
  minStock,
  maxStock,
  active,
});

async function foundProduct(tx: Tx, id: string): Promise<ProductRecord> {
  const product = await findProduct(tx, id, true);
  if (product === null) throw new NervioError('not_found');
  return product;
}

async function foundVariant(tx: Tx, id: string): Promise<VariantState> {
  const variant = (await lockVariants(tx, [id.toLowerCase()])).get(id.toLowerCase());
  if (variant === undefined) throw new NervioError('not_found');
  return variant;
}
