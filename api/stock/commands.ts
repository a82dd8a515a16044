import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { amountOf } from '../../domain/money';
import { formatQuantity } from '../../domain/quantity';
import { availableOf, type StockChange } from '../../domain/stock';
import { audit } from '../../store/audit';
import { applyStock, lockLevels } from '../../store/stock';
import { reviewLowStock } from '../../store/low-stock';
import { insertEntry, lockCosts, updateCosts } from '../../store/stock-entries';
import { runCommand, type CommandResult } from '../command';
import type { ApiDeps } from '../deps';
import { readLines, requireSite } from './lines';
import type { Adjusted, AdjustmentBody, Entered, EntryBody } from './schemas';

/**
 * A correction by hand, with its reason. What is lost may be promised to someone (that opens a shortage), but more than lies
 * there cannot be lost.
 * @throws NervioError unknown_site, unknown_sku, bad_quantity, quantity_not_whole, insufficient_stock
 */
export async function adjustStock(
  deps: ApiDeps,
  actor: Actor,
  input: AdjustmentBody,
  key: string,
): Promise<CommandResult<Adjusted>> {
  const path = '/api/v1/stock/adjustments';
  const command = { actor, permission: 'stock.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const siteId = await requireSite(tx, actor, input.siteId);
    const [read] = await readLines(
      tx,
      [input],
      (line) => line.quantity,
      (quantity) => quantity !== 0,
    );
    const { variant, quantity } = read!;
    const ref = { siteId, variantId: variant.id };
    if (quantity < 0) {
      const [level] = await lockLevels(tx, [ref]);
      const there = level?.onHand ?? 0;
      if (!level || (there + quantity < 0 && !level.allowNegative)) {
        const line = {
          sku: variant.sku,
          wanted: formatQuantity(-quantity),
          available: formatQuantity(Math.max(there, 0)),
        };
        throw new NervioError('insufficient_stock', { lines: [line] });
      }
    }
    const id = uuidv7();
    const reason = input.reason.trim();
    const move = { do: 'move', ...ref, kind: 'adjustment', quantity, policy: 'record', reason } as const;
    await applyStock(tx, [{ documentId: id, operationId: null, userId: actor.userId, changes: [move] }]);
    const [after] = await lockLevels(tx, [ref]);
    const { onHand, version } = after!;
    await audit(tx, actor, {
      action: 'stock.adjusted',
      entityType: 'variant',
      entityId: variant.id,
      before: { siteId, onHand: formatQuantity(onHand - quantity) },
      after: { siteId, onHand: formatQuantity(onHand), quantity: formatQuantity(quantity), reason },
    });
    await reviewLowStock(tx, [ref]);
    const body = {
      adjustmentId: id,
      ...ref,
      sku: variant.sku,
      quantity: formatQuantity(quantity),
      onHand: formatQuantity(onHand),
      available: formatQuantity(availableOf(after!)),
      version,
    };
    return { status: 201, body };
  });
}

/**
 * Goods that came, with their cost: the site carries them from now on, and what they cost the business is the mean by weight.
 * @throws NervioError unknown_site, unknown_sku, bad_quantity, quantity_not_whole
 */
export async function enterStock(
  deps: ApiDeps,
  actor: Actor,
  input: EntryBody,
  key: string,
): Promise<CommandResult<Entered>> {
  const path = '/api/v1/stock/entries';
  const command = { actor, permission: 'stock.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const siteId = await requireSite(tx, actor, input.siteId);
    const read = await readLines(
      tx,
      input.lines,
      (line) => line.quantity,
      (quantity) => quantity > 0,
    );
    const lines = read.map(({ line, variant, quantity }) => ({
      variantId: variant.id,
      quantity,
      unitCost: amountOf(line.unitCost),
    }));
    const id = uuidv7();
    const [supplier, reference, note] = [input.supplier, input.reference, input.note].map(
      (text) => text?.trim() ?? null,
    ) as [string | null, string | null, string | null];
    const costs = await lockCosts(
      tx,
      lines.map((line) => line.variantId),
    );
    const number = await insertEntry(tx, { id, siteId, supplier, reference, note, createdBy: actor.userId });
    const changes = lines.map((line): StockChange => ({
      do: 'move',
      siteId,
      kind: 'entry',
      policy: 'record',
      ...line,
    }));
    await applyStock(tx, [{ documentId: id, operationId: null, userId: actor.userId, changes }]);
    await updateCosts(tx, costs, lines);
    await audit(tx, actor, {
      action: 'stock.entered',
      entityType: 'stock_entry',
      entityId: id,
      after: { number, siteId, supplier, reference, lines: lines.length },
    });
    await reviewLowStock(
      tx,
      lines.map(({ variantId }) => ({ siteId, variantId })),
    );
    return { status: 201, body: { id, number } };
  });
}
