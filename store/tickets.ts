import type { Tx } from './db';

type Reader = Pick<Tx, 'tenantId' | 'query'>;

/** `resumed`: on a screen again, still held; the others are over, but `parked`. */
export type TicketState = 'parked' | 'resumed' | 'sold' | 'dropped' | 'expired';

export const isOver = (state: TicketState): boolean => state !== 'parked' && state !== 'resumed';

/** A line as the till parked it. Quantity in thousandths, prices in minor units. */
export interface TicketLine {
  sku: string;
  quantity: number;
  unitPrice: number | null;
}

export interface LockedTicket {
  id: string;
  siteId: string;
  registerId: string;
  state: TicketState;
  lines: TicketLine[];
}

/** Locked, by id: after the registers, before the levels. Those of them that there are. */
export async function lockTickets(tx: Reader, ids: readonly string[]): Promise<Map<string, LockedTicket>> {
  const rows = await tx.query<{
    id: string;
    site_id: string;
    register_id: string;
    state: TicketState;
    lines: TicketLine[];
  }>(
    `SELECT t.id::text, t.site_id::text, t.register_id::text, t.state, t.lines FROM parked_ticket t
     WHERE t.tenant_id = $1::uuid AND t.id = ANY ($2::uuid[]) ORDER BY t.id FOR NO KEY UPDATE`,
    [tx.tenantId, ids],
  );
  return new Map(
    rows.map(({ id, site_id, register_id, state, lines }) => [
      id,
      { id, siteId: site_id, registerId: register_id, state, lines },
    ]),
  );
}

export interface TicketHold {
  id: string;
  ticketId: string;
  variantId: string;
}

/** Holds that still count. */
export async function holdsOfTickets(tx: Reader, ids: readonly string[]): Promise<TicketHold[]> {
  const rows = await tx.query<{ id: string; owner_id: string; variant_id: string }>(
    `SELECT h.id::text, h.owner_id::text, h.variant_id::text FROM stock_hold h
     WHERE h.tenant_id = $1::uuid AND h.owner_id = ANY ($2::uuid[]) AND h.purpose = 'ticket' AND h.state = 'held' ORDER BY h.id`,
    [tx.tenantId, ids],
  );
  return rows.map((row) => ({ id: row.id, ticketId: row.owner_id, variantId: row.variant_id }));
}

/** Ends tickets, or puts them on a screen again. */
export async function setTicketState(tx: Reader, ids: readonly string[], state: TicketState): Promise<void> {
  await tx.query(
    `UPDATE parked_ticket SET state = $3::text, ended_at = CASE WHEN $4::boolean THEN clock_timestamp() END
     WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[])`,
    [tx.tenantId, ids, state, isOver(state)],
  );
}

export interface TicketRecord extends LockedTicket {
  name: string;
  createdBy: { id: string; name: string };
  createdAt: Date;
  expiresAt: Date;
}

/** Those that are not over, oldest first. A till has some dozen of them at most. */
export async function listTickets(
  tx: Reader,
  filter: { siteIds: readonly string[] | null; registerId: string | null },
): Promise<TicketRecord[]> {
  const rows = await tx.query<{
    id: string;
    site_id: string;
    register_id: string;
    state: TicketState;
    lines: TicketLine[];
    name: string;
    user_id: string;
    user_name: string;
    created_at: Date;
    expires_at: Date;
  }>(
    `SELECT t.id::text, t.site_id::text, t.register_id::text, t.state, t.lines, t.name, u.id::text AS user_id, u.name AS user_name,
       t.created_at, t.expires_at
     FROM parked_ticket t JOIN app_user u ON u.tenant_id = t.tenant_id AND u.id = t.created_by
     WHERE t.tenant_id = $1::uuid AND t.state IN ('parked', 'resumed')
       AND ($2::uuid[] IS NULL OR t.site_id = ANY ($2::uuid[])) AND ($3::uuid IS NULL OR t.register_id = $3::uuid)
     ORDER BY t.created_at, t.id LIMIT 500`,
    [tx.tenantId, filter.siteIds, filter.registerId],
  );
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    registerId: row.register_id,
    state: row.state,
    lines: row.lines,
    name: row.name,
    createdBy: { id: row.user_id, name: row.user_name },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));
}

export async function insertTicket(
  tx: Reader,
  ticket: {
    id: string;
    siteId: string;
    registerId: string;
    name: string;
    lines: readonly TicketLine[];
    createdBy: string;
    expiresAt: string;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO parked_ticket (tenant_id, id, site_id, register_id, name, lines, created_by, expires_at)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::jsonb, $7::uuid, $8::timestamptz)`,
    [
      tx.tenantId,
      ticket.id,
      ticket.siteId,
      ticket.registerId,
      ticket.name,
      JSON.stringify(ticket.lines),
      ticket.createdBy,
      ticket.expiresAt,
    ],
  );
}
