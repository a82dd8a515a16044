import type { HoldPurpose, StockGroup } from '../domain/stock';
import { applyStock, type LedgerTx } from './stock';

/** A hold whose time was over and that no longer counts. */
export interface ExpiredHold {
  holdId: string;
  purpose: HoldPurpose;
  /** The ticket or order that it was for. */
  ownerId: string;
}

/**
 * Lets go holds whose time is over, the oldest first and at most `limit` of them; until then they count. What a sale claims
 * meanwhile is the sale's: whoever has the level first.
 */
export async function expireHolds(tx: LedgerTx, limit: number): Promise<ExpiredHold[]> {
  const rows = await tx.query<{ id: string; purpose: HoldPurpose; owner_id: string }>(
    `SELECT h.id::text, h.purpose, h.owner_id::text FROM stock_hold h
     WHERE h.tenant_id = $1::uuid AND h.state = 'held' AND h.expires_at <= now() ORDER BY h.expires_at LIMIT $2::int`,
    [tx.tenantId, limit],
  );
  const groups = rows.map((row): StockGroup => ({
    documentId: row.owner_id,
    operationId: null,
    userId: null,
    changes: [{ do: 'release', holdId: row.id, as: 'expired' }],
  }));
  await applyStock(tx, groups);
  const ended = await tx.query<{ id: string }>(
    `SELECT h.id::text FROM stock_hold h WHERE h.tenant_id = $1::uuid AND h.id = ANY ($2::uuid[]) AND h.state = 'expired'`,
    [tx.tenantId, rows.map((row) => row.id)],
  );
  const expired = new Set(ended.map((row) => row.id));
  return rows.flatMap((row) =>
    expired.has(row.id) ? [{ holdId: row.id, purpose: row.purpose, ownerId: row.owner_id }] : [],
  );
}
