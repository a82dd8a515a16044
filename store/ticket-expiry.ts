import type { Tx } from './db';

/**
 * Parked tickets whose time is over, the oldest first and at most `limit` of them: nobody resumes them any more. What they
 * held is let go with the holds themselves (store/stock-holds.ts). Returns how many.
 */
export async function expireTickets(tx: Pick<Tx, 'tenantId' | 'query'>, limit: number): Promise<number> {
  const rows = await tx.query(
    `UPDATE parked_ticket t SET state = 'expired', ended_at = clock_timestamp()
     FROM (SELECT id FROM parked_ticket WHERE tenant_id = $1::uuid AND state = 'parked' AND expires_at <= now()
           ORDER BY expires_at LIMIT $2::int FOR UPDATE SKIP LOCKED) over
     WHERE t.tenant_id = $1::uuid AND t.id = over.id RETURNING 1`,
    [tx.tenantId, limit],
  );
  return rows.length;
}
