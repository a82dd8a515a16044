import { createHash } from 'node:crypto';
import { quantityOf } from '../domain/quantity';
import type { Tx } from '../store/db';
import { applyStock, carryVariants } from '../store/stock';
import type { DemoBusiness } from './demo-business';
import { type DemoAssortment, demoColours, demoSizes, type DemoVariant } from './demo-catalogue';

/** What a thing of the demo is called by for ever, whatever people rename: the same in every installation (form of a UUIDv7). */
export function demoId(business: Pick<DemoBusiness, 'slug'>, kind: string, name: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([business.slug, kind, name]))
    .digest('hex');
  return `01990000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}

/** Of what the seed has made just now: what was there before, people may have changed. */
interface Made {
  id: string;
  variant: DemoVariant;
  assortment: DemoAssortment;
}

/** The sites that are not there, by their id of the demo or by their name. Returns the id of each, by its name in the demo. */
export async function seedSites(tx: Tx, business: DemoBusiness): Promise<Map<string, string>> {
  const wanted = business.sites.map((site) => ({ ...site, id: demoId(business, 'site', site.name) }));
  await tx.query(
    `WITH made AS (
       INSERT INTO site (tenant_id, id, name, kind, address)
       SELECT $1::uuid, w.id, w.name, w.kind, w.address
       FROM jsonb_to_recordset($2::jsonb) AS w (id uuid, name text, kind text, address text)
       WHERE NOT EXISTS (SELECT FROM site s WHERE s.tenant_id = $1::uuid AND (s.id = w.id OR s.name = w.name))
     ) SELECT 1`,
    [tx.tenantId, JSON.stringify(wanted)],
  );
  const present = await tx.query<{ id: string; name: string }>('SELECT id, name FROM site WHERE tenant_id = $1::uuid', [
    tx.tenantId,
  ]);
  const found = wanted.flatMap(({ id, name }) => {
    const site = present.find((one) => one.id === id) ?? present.find((one) => one.name === name);
    return site === undefined ? [] : [[name, site.id] as const];
  });
  return new Map(found);
}

/** Two tills in each store. */
export async function seedRegisters(tx: Tx, business: DemoBusiness, sites: Map<string, string>): Promise<void> {
  const registers = business.sites
    .filter(({ kind }) => kind === 'store')
    .flatMap((site) =>
      ['Caja 1', 'Caja 2'].map((name) => ({
        id: demoId(business, 'register', `${site.name}/${name}`),
        site_id: sites.get(site.name),
        name,
      })),
    );
  await tx.query(
    `WITH made AS (
       INSERT INTO register (tenant_id, id, site_id, name)
       SELECT $1::uuid, r.id, r.site_id, r.name FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, site_id uuid, name text)
       ON CONFLICT DO NOTHING
     ) SELECT 1`,
    [tx.tenantId, JSON.stringify(registers)],
  );
}

/** Products with their variants, codes, prices of a site and opening stock: all of a variant, or nothing where it is there. */
export async function seedCatalogue(tx: Tx, business: DemoBusiness, sites: Map<string, string>): Promise<void> {
  await seedSizesAndColours(tx, business);
  const made = await seedProducts(tx, business);
  if (made.length === 0) return;
  await seedCodes(tx, made);
  await seedSitePrices(tx, business, made, sites);
  await seedStock(tx, business, made, sites);
}

async function seedSizesAndColours(tx: Tx, business: DemoBusiness): Promise<void> {
  const used = business.assortments.flatMap(({ products }) => products.flatMap(({ variants }) => variants));
  const sizes = demoSizes.filter((name) => used.some(({ size }) => size === name));
  const colours = Object.entries(demoColours).filter(([name]) => used.some(({ colour }) => colour === name));
  const rows = (kind: string, items: { name: string; hex?: string }[]) =>
    JSON.stringify(items.map((item, at) => ({ id: demoId(business, kind, item.name), position: at + 1, ...item })));
  await tx.query(
    `WITH s AS (
       INSERT INTO size (tenant_id, id, name, position)
       SELECT $1::uuid, r.id, r.name, r.position FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, name text, position int)
       ON CONFLICT DO NOTHING
     ), c AS (
       INSERT INTO colour (tenant_id, id, name, hex, position)
       SELECT $1::uuid, r.id, r.name, r.hex, r.position FROM jsonb_to_recordset($3::jsonb) AS r (id uuid, name text, hex text, position int)
       ON CONFLICT DO NOTHING
     ) SELECT 1`,
    [
      tx.tenantId,
      rows(
        'size',
        sizes.map((name) => ({ name })),
      ),
      rows(
        'colour',
        colours.map(([name, { hex }]) => ({ name, hex })),
      ),
    ],
  );
}

async function seedProducts(tx: Tx, business: DemoBusiness): Promise<Made[]> {
  const all = business.assortments.flatMap((assortment) =>
    assortment.products.map((product) => ({
      assortment,
      product,
      id: demoId(business, 'product', product.variants[0]!.sku),
    })),
  );
  const products = all.map(({ id, product: { name, category, description, unit } }) => ({
    id,
    name,
    category,
    description,
    unit,
  }));
  await tx.query(
    `WITH made AS (
       INSERT INTO product (tenant_id, id, name, category, description, unit)
       SELECT $1::uuid, r.id, r.name, r.category, r.description, r.unit
       FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, name text, category text, description text, unit text)
       ON CONFLICT DO NOTHING
     ) SELECT 1`,
    [tx.tenantId, JSON.stringify(products)],
  );
  const variants = all.flatMap(({ id: productId, product, assortment }) =>
    product.variants.map((variant) => ({
      id: demoId(business, 'variant', variant.sku),
      productId,
      variant,
      assortment,
    })),
  );
  const made = await tx.query<{ id: string }>(
    `INSERT INTO variant (tenant_id, id, product_id, sku, size_id, colour_id, price, retail_price, cost, min_stock, max_stock)
     SELECT $1::uuid, r.id, r.product_id, r.sku, s.id, c.id, r.price, r.retail_price, r.cost, r.min_stock, r.max_stock
     FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, product_id uuid, sku text, size text, colour text, price bigint,
       retail_price bigint, cost bigint, min_stock numeric, max_stock numeric)
     JOIN size s ON s.tenant_id = $1::uuid AND s.name = r.size
     JOIN colour c ON c.tenant_id = $1::uuid AND c.name = r.colour
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      tx.tenantId,
      JSON.stringify(
        variants.map(({ id, productId, variant }) => ({
          id,
          product_id: productId,
          sku: variant.sku,
          size: variant.size,
          colour: variant.colour,
          price: variant.price,
          retail_price: variant.retailPrice,
          cost: variant.cost,
          min_stock: variant.minStock,
          max_stock: variant.maxStock,
        })),
      ),
    ],
  );
  const fresh = new Set(made.map(({ id }) => id));
  return variants.filter(({ id }) => fresh.has(id));
}

async function seedCodes(tx: Tx, made: Made[]): Promise<void> {
  const codes = made.flatMap(({ id, variant }) => [
    { code: variant.barcode, variant_id: id, kind: 'barcode', supplier: null },
    { code: variant.supplierCode, variant_id: id, kind: 'supplier', supplier: variant.supplier },
  ]);
  await tx.query(
    `WITH made AS (
       INSERT INTO variant_code (tenant_id, code, variant_id, kind, supplier)
       SELECT $1::uuid, r.code, r.variant_id, r.kind, r.supplier
       FROM jsonb_to_recordset($2::jsonb) AS r (code text, variant_id uuid, kind text, supplier text)
       ON CONFLICT DO NOTHING
     ) SELECT 1`,
    [tx.tenantId, JSON.stringify(codes)],
  );
}

async function seedSitePrices(tx: Tx, business: DemoBusiness, made: Made[], sites: Map<string, string>): Promise<void> {
  const prices = business.sitePrices.flatMap(({ site, category, factor }) =>
    made
      .filter(({ variant, assortment }) => variant.category === category && assortment.sites[site] !== undefined)
      .map(({ id, variant }) => ({
        site_id: sites.get(site),
        variant_id: id,
        price: Math.round((variant.price * factor) / 10) * 10,
      })),
  );
  await tx.query(
    `WITH made AS (
       INSERT INTO site_price (tenant_id, site_id, variant_id, price)
       SELECT $1::uuid, r.site_id, r.variant_id, r.price
       FROM jsonb_to_recordset($2::jsonb) AS r (site_id uuid, variant_id uuid, price bigint)
       ON CONFLICT DO NOTHING
     ) SELECT 1`,
    [tx.tenantId, JSON.stringify(prices)],
  );
}

/** Each site carries its assortment and opens with some of it: one document a site. */
async function seedStock(tx: Tx, business: DemoBusiness, made: Made[], sites: Map<string, string>): Promise<void> {
  const stocks = business.sites.flatMap(({ name }) => {
    const siteId = sites.get(name);
    const carried = made.flatMap(({ id, variant, assortment: { sites: factors } }) => {
      const factor = factors[name];
      return factor === undefined ? [] : [{ variantId: id, variant, quantity: quantityOf(variant.opening) * factor }];
    });
    return siteId === undefined || carried.length === 0 ? [] : [{ name, siteId, carried }];
  });
  await carryVariants(
    tx,
    stocks.flatMap(({ siteId, carried }) => carried.map(({ variantId }) => ({ siteId, variantId }))),
  );
  await applyStock(
    tx,
    stocks.map(({ name, siteId, carried }) => ({
      documentId: demoId(business, 'opening', name),
      operationId: null,
      userId: null,
      changes: carried.map(({ variantId, variant, quantity }) => ({
        do: 'move',
        siteId,
        variantId,
        kind: 'opening',
        quantity,
        policy: 'record',
        unitCost: variant.cost,
      })),
    })),
  );
}
