import { v7 as uuidv7 } from 'uuid';
import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import type { Money } from '../../domain/money';
import type { OperationState } from '../../domain/operation';
import { type AuditEntry, audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import { catalogueLanes } from '../../store/operation-lanes';
import { acceptOperation } from '../../store/operations';
import { freezePriceSync } from '../../store/price-syncs';
import { setSitePrices } from '../../store/prices';
import { knownSkus, lockVariants, readCurrency, updateVariants } from '../../store/products';
import { knownSites } from '../../store/sites';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { maybe, priceIn } from '../products/amounts';

export interface PricesInput {
  /** null = the prices of the business, which sites without one of their own follow. */
  siteId: string | null;
  /** A price of null takes the site's own away. */
  items: { sku: string; price: Money | number | null }[];
}

/**
 * Sets prices of a site or of the business, all or none.
 * @throws NervioError unknown_site, unknown_sku, wrong_currency, price_missing
 */
export async function setPrices(
  deps: ApiDeps,
  actor: Actor,
  input: PricesInput,
  key: string,
): Promise<CommandResult<{ changed: number }>> {
  const command = {
    actor,
    permission: 'prices.write',
    key,
    method: 'POST',
    path: '/api/v1/prices',
    body: input,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const { siteId } = input;
    if (siteId !== null && !(seesSite(actor, siteId) && (await knownSites(tx, [siteId])).has(siteId.toLowerCase()))) {
      throw new NervioError('unknown_site');
    }
    const currency = await readCurrency(tx);
    const prices = new Map(
      input.items.map(({ sku, price }) => [sku.trim(), maybe(price, (value) => priceIn(currency, value))]),
    );
    const ids = await knownSkus(tx, [...prices.keys()]);
    const unknown = [...prices.keys()].filter((sku) => !ids.has(sku));
    if (unknown.length > 0) throw new NervioError('unknown_sku', { skus: unknown });
    const asked = [...prices].map(([sku, price]) => ({ variantId: ids.get(sku)!, sku, price }));
    const changes = siteId === null ? await ofBusiness(tx, asked) : await ofSite(tx, siteId, asked, actor.userId);
    const entries = changes.map(({ variantId, sku, before, after }): AuditEntry => ({
      action: 'price.changed',
      entityType: 'variant',
      entityId: variantId,
      before: { sku, siteId, price: before },
      after: { sku, siteId, price: after },
    }));
    if (entries.length > 0) await audit(tx, actor, ...entries);
    return { status: 200, body: { changed: changes.length } };
  });
}

interface Asked {
  variantId: string;
  sku: string;
  price: number | null;
}

interface Change {
  variantId: string;
  sku: string;
  before: number | null;
  after: number | null;
}

async function ofBusiness(tx: Tx, asked: Asked[]): Promise<Change[]> {
  if (asked.some(({ price }) => price === null)) throw new NervioError('price_missing');
  const variants = await lockVariants(
    tx,
    asked.map(({ variantId }) => variantId),
  );
  const changes = asked.flatMap(({ variantId, sku, price }) => {
    const variant = variants.get(variantId)!;
    return price === null || variant.price === price ? [] : [{ variantId, sku, before: variant.price, after: price }];
  });
  await updateVariants(
    tx,
    changes.map(({ variantId, after }) => ({ ...variants.get(variantId)!, price: after })),
  );
  return changes;
}

async function ofSite(tx: Tx, siteId: string, asked: Asked[], userId: string): Promise<Change[]> {
  await lockVariants(
    tx,
    asked.map(({ variantId }) => variantId),
  );
  const before = await setSitePrices(
    tx,
    asked.map(({ variantId, price }) => ({ siteId, variantId, price })),
    userId,
  );
  const old = new Map(before.map(({ variantId, price }) => [variantId, price]));
  return asked.flatMap(({ variantId, sku, price }) => {
    const was = old.get(variantId) ?? null;
    return was === price ? [] : [{ variantId, sku, before: was, after: price }];
  });
}

export interface PriceSyncInput {
  /** null = the prices of the business. */
  fromSiteId: string | null;
  toSiteIds: string[];
  category?: string | null;
}

/**
 * INV-14: the prices of one site brought to others. Which prices that changes is frozen now; a workflow sets them.
 * @throws NervioError unknown_site, same_site, nothing_to_sync
 */
export async function acceptPriceSync(
  deps: ApiDeps,
  actor: Actor,
  input: PriceSyncInput,
  key: string,
): Promise<CommandResult<{ operationId: string; number: number; state: OperationState }>> {
  const path = '/api/v1/prices/sync';
  const command = { actor, permission: 'prices.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const fromSiteId = input.fromSiteId?.toLowerCase() ?? null;
    const toSiteIds = [...new Set(input.toSiteIds.map((id) => id.toLowerCase()))].sort();
    const all = fromSiteId === null ? toSiteIds : [fromSiteId, ...toSiteIds];
    const known = await knownSites(tx, all);
    if (all.some((id) => !known.has(id) || !seesSite(actor, id))) throw new NervioError('unknown_site');
    if (fromSiteId !== null && toSiteIds.includes(fromSiteId)) throw new NervioError('same_site');
    const operation = await acceptOperation(tx, {
      id: uuidv7(),
      kind: 'sync_prices',
      siteId: null,
      connectionId: null,
      createdBy: actor.userId,
      lanes: catalogueLanes,
    });
    const category = input.category ?? null;
    const prices = await freezePriceSync(tx, { operationId: operation.id, fromSiteId, toSiteIds, category });
    if (prices === 0) throw new NervioError('nothing_to_sync');
    await audit(tx, actor, {
      action: 'prices.synced',
      entityType: 'operation',
      entityId: operation.id,
      operationId: operation.id,
      after: { fromSiteId, toSiteIds, category, prices },
    });
    const body = { operationId: operation.id, number: operation.number, state: operation.state };
    return { status: 202, body, operationId: operation.id };
  });
}
