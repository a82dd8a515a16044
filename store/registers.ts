import { type DocumentKind, type Named, type PaymentMethod, paymentMethods } from '../domain/till';
import type { Sql, Tx } from './db';

type Reader = Pick<Tx, 'tenantId'> & Sql;

export interface RegisterRecord extends Named {
  siteId: string;
  active: boolean;
}

export interface SessionRecord {
  id: string;
  register: Named;
  site: Named;
  openingFloat: number;
  openedAt: Date;
  openedBy: Named;
  expected: number | null;
  counted: number | null;
  zNumber: number | null;
  closedAt: Date | null;
  closedBy: Named | null;
  note: string | null;
  /** As it was when the session was closed. */
  report: unknown;
  /** For the place in a list: as the database prints it, to the microsecond. */
  place: string;
}

export interface RegisterWithSession extends RegisterRecord {
  session: { id: string; openedAt: Date; openedBy: Named; openingFloat: number } | null;
}

/** By site and name. @param siteIds null = of all sites */
export async function listRegisters(tx: Reader, siteIds: readonly string[] | null): Promise<RegisterWithSession[]> {
  const rows = await tx.query<{
    id: string;
    name: string;
    site_id: string;
    active: boolean;
    session_id: string | null;
    opened_at: Date;
    opening_float: string;
    user_id: string;
    user_name: string;
  }>(
    `SELECT r.id::text, r.name, r.site_id::text, r.active, s.id::text AS session_id, s.opened_at, s.opening_float::text,
       u.id::text AS user_id, u.name AS user_name
     FROM register r
     JOIN site t ON t.tenant_id = r.tenant_id AND t.id = r.site_id
     LEFT JOIN register_session s ON s.tenant_id = r.tenant_id AND s.register_id = r.id AND s.closed_at IS NULL
     LEFT JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.opened_by
     WHERE r.tenant_id = $1::uuid AND r.active AND ($2::uuid[] IS NULL OR r.site_id = ANY ($2::uuid[]))
     ORDER BY t.name, r.name, r.id`,
    [tx.tenantId, siteIds],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    siteId: row.site_id,
    active: row.active,
    session:
      row.session_id === null
        ? null
        : {
            id: row.session_id,
            openedAt: row.opened_at,
            openedBy: { id: row.user_id, name: row.user_name },
            openingFloat: Number(row.opening_float),
          },
  }));
}

export async function findRegister(tx: Reader, id: string): Promise<RegisterRecord | null> {
  const [row] = await tx.query<{ id: string; name: string; site_id: string; active: boolean }>(
    'SELECT id::text, name, site_id::text, active FROM register WHERE tenant_id = $1::uuid AND id = $2::uuid',
    [tx.tenantId, id],
  );
  return row ? { id: row.id, name: row.name, siteId: row.site_id, active: row.active } : null;
}

/** False: the site has a register of that name. */
export async function insertRegister(tx: Reader, register: { id: string; siteId: string; name: string }) {
  const rows = await tx.query(
    `INSERT INTO register (tenant_id, id, site_id, name) VALUES ($1::uuid, $2::uuid, $3::uuid, $4)
     ON CONFLICT (tenant_id, site_id, name) DO NOTHING RETURNING id`,
    [tx.tenantId, register.id, register.siteId, register.name],
  );
  return rows.length > 0;
}

/** False: the register has an open session. */
export async function openSession(
  tx: Reader,
  session: { id: string; registerId: string; openingFloat: number; openedBy: string },
): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO register_session (tenant_id, id, register_id, opening_float, opened_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::int8, $5::uuid)
     ON CONFLICT (tenant_id, register_id) WHERE closed_at IS NULL DO NOTHING RETURNING id`,
    [tx.tenantId, session.id, session.registerId, String(session.openingFloat), session.openedBy],
  );
  return rows.length > 0;
}

/**
 * The open session of a register. `use`: it stays open until this transaction ends; others may use it too. `change`: cash
 * goes in or out, one at a time. `close`: waits for everybody who uses it, and keeps others out.
 */
export async function lockOpenSession(
  tx: Reader,
  registerId: string,
  how: 'use' | 'change' | 'close',
): Promise<string | null> {
  const strength = { use: 'KEY SHARE', change: 'NO KEY UPDATE', close: 'UPDATE' }[how];
  const [row] = await tx.query<{ id: string }>(
    `SELECT id::text FROM register_session WHERE tenant_id = $1::uuid AND register_id = $2::uuid AND closed_at IS NULL
     FOR ${strength}`,
    [tx.tenantId, registerId],
  );
  return row?.id ?? null;
}

const sessionColumns = `s.id::text, s.opening_float::text, s.opened_at, s.expected::text, s.counted::text, s.z_number, s.closed_at, s.note,
  s.report, to_char(s.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place, r.id::text AS register_id, r.name AS register_name, t.id::text AS site_id, t.name AS site_name,
  o.id::text AS opener_id, o.name AS opener_name, c.id::text AS closer_id, c.name AS closer_name`;
const sessionJoins = `
  JOIN register r ON r.tenant_id = s.tenant_id AND r.id = s.register_id
  JOIN site t ON t.tenant_id = r.tenant_id AND t.id = r.site_id
  JOIN app_user o ON o.tenant_id = s.tenant_id AND o.id = s.opened_by
  LEFT JOIN app_user c ON c.tenant_id = s.tenant_id AND c.id = s.closed_by`;

interface SessionRow {
  id: string;
  opening_float: string;
  opened_at: Date;
  expected: string | null;
  counted: string | null;
  z_number: number | null;
  closed_at: Date | null;
  note: string | null;
  report: unknown;
  place: string;
  register_id: string;
  register_name: string;
  site_id: string;
  site_name: string;
  opener_id: string;
  opener_name: string;
  closer_id: string | null;
  closer_name: string | null;
}

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));

const sessionOf = (row: SessionRow): SessionRecord => ({
  id: row.id,
  register: { id: row.register_id, name: row.register_name },
  site: { id: row.site_id, name: row.site_name },
  openingFloat: Number(row.opening_float),
  openedAt: row.opened_at,
  openedBy: { id: row.opener_id, name: row.opener_name },
  expected: numberOf(row.expected),
  counted: numberOf(row.counted),
  zNumber: row.z_number,
  closedAt: row.closed_at,
  closedBy: row.closer_id === null ? null : { id: row.closer_id, name: row.closer_name! },
  note: row.note,
  report: row.report,
  place: row.place,
});

export async function findSession(tx: Reader, id: string): Promise<SessionRecord | null> {
  const [row] = await tx.query<SessionRow>(
    `SELECT ${sessionColumns} FROM register_session s ${sessionJoins} WHERE s.tenant_id = $1::uuid AND s.id = $2::uuid`,
    [tx.tenantId, id],
  );
  return row ? sessionOf(row) : null;
}

/** Newest first. */
export async function listSessions(
  tx: Reader,
  registerId: string,
  page: { before?: { place: string; id: string }; limit: number },
): Promise<SessionRecord[]> {
  const rows = await tx.query<SessionRow>(
    `SELECT ${sessionColumns} FROM register_session s ${sessionJoins}
     WHERE s.tenant_id = $1::uuid AND s.register_id = $2::uuid
       AND ($3::timestamptz IS NULL OR (s.opened_at, s.id) < ($3::timestamptz, $4::uuid))
     ORDER BY s.opened_at DESC, s.id DESC LIMIT $5::int`,
    [tx.tenantId, registerId, page.before?.place ?? null, page.before?.id ?? null, page.limit],
  );
  return rows.map(sessionOf);
}

export interface SessionFilter {
  /** null = all sites. */
  siteIds: readonly string[] | null;
  registerId?: string;
  before?: { place: string; id: string };
  limit: number;
}

/** Of every register that the filter leaves, newest first: the newest of each down its index, merged. */
export async function listSessionsOfSites(tx: Reader, filter: SessionFilter): Promise<SessionRecord[]> {
  const rows = await tx.query<SessionRow>(
    `SELECT ${sessionColumns} FROM (
       SELECT x.* FROM register g CROSS JOIN LATERAL (
         SELECT y.* FROM register_session y
         WHERE y.tenant_id = g.tenant_id AND y.register_id = g.id
           AND ($4::timestamptz IS NULL OR (y.opened_at, y.id) < ($4::timestamptz, $5::uuid))
         ORDER BY y.opened_at DESC, y.id DESC LIMIT $6::int) x
       WHERE g.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR g.site_id = ANY ($2::uuid[])) AND ($3::uuid IS NULL OR g.id = $3::uuid)
       ORDER BY x.opened_at DESC, x.id DESC LIMIT $6::int) s ${sessionJoins}
     ORDER BY s.opened_at DESC, s.id DESC`,
    [
      tx.tenantId,
      filter.siteIds,
      filter.registerId ?? null,
      filter.before?.place ?? null,
      filter.before?.id ?? null,
      filter.limit,
    ],
  );
  return rows.map(sessionOf);
}

export async function insertCashMovement(
  tx: Reader,
  movement: { id: string; sessionId: string; amount: number; reason: string; createdBy: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO cash_movement (tenant_id, id, session_id, amount, reason, created_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::int8, $5, $6::uuid)`,
    [tx.tenantId, movement.id, movement.sessionId, String(movement.amount), movement.reason, movement.createdBy],
  );
}

/** Closes a session that `lockOpenSession` has locked; returns its Z number: a register's have no gaps. */
export async function takeZNumber(tx: Reader, registerId: string): Promise<number> {
  const [row] = await tx.query<{ z: number }>(
    `UPDATE register SET next_z_number = next_z_number + 1 WHERE tenant_id = $1::uuid AND id = $2::uuid
     RETURNING next_z_number - 1 AS z`,
    [tx.tenantId, registerId],
  );
  return row!.z;
}

export async function closeSession(
  tx: Reader,
  id: string,
  close: { expected: number; counted: number; zNumber: number; closedBy: string; note: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE register_session SET expected = $3::int8, counted = $4::int8, z_number = $5::int, closed_by = $6::uuid, note = $7,
       closed_at = clock_timestamp() WHERE tenant_id = $1::uuid AND id = $2::uuid`,
    [tx.tenantId, id, String(close.expected), String(close.counted), close.zNumber, close.closedBy, close.note],
  );
}

export async function storeReport(tx: Reader, id: string, report: unknown): Promise<void> {
  await tx.query('UPDATE register_session SET report = $3::jsonb WHERE tenant_id = $1::uuid AND id = $2::uuid', [
    tx.tenantId,
    id,
    JSON.stringify(report),
  ]);
}

/** What a session took and gave. Amounts in minor units. */
export interface SessionSums {
  documents: Record<DocumentKind, { count: number; total: number }>;
  /** Less what was given back. */
  payments: { method: PaymentMethod; total: number }[];
  tax: { rate: number; base: number; tax: number }[];
  cash: { sales: number; refunds: number; in: number; out: number };
  movements: { id: string; at: Date; amount: number; reason: string; by: Named }[];
}

export async function sumSession(tx: Reader, sessionId: string): Promise<SessionSums> {
  const values = [tx.tenantId, sessionId];
  const documents = await tx.query<{ kind: DocumentKind; count: number; total: string; change: string }>(
    `SELECT kind, count(*)::int AS count, sum(total)::text AS total, sum(change)::text AS change FROM sale
     WHERE tenant_id = $1::uuid AND session_id = $2::uuid GROUP BY kind`,
    values,
  );
  const payments = await tx.query<{ kind: DocumentKind; method: PaymentMethod; amount: string }>(
    `SELECT s.kind, p.method, sum(p.amount)::text AS amount
     FROM sale s JOIN sale_payment p ON p.tenant_id = s.tenant_id AND p.sale_id = s.id
     WHERE s.tenant_id = $1::uuid AND s.session_id = $2::uuid GROUP BY s.kind, p.method`,
    values,
  );
  const tax = await tx.query<{ rate: string; base: string; tax: string }>(
    `SELECT l.tax_rate::text AS rate, sum(k.sign * (l.total - l.tax))::text AS base, sum(k.sign * l.tax)::text AS tax
     FROM sale s JOIN sale_line l ON l.tenant_id = s.tenant_id AND l.sale_id = s.id
     CROSS JOIN LATERAL (SELECT CASE s.kind WHEN 'sale' THEN 1 ELSE -1 END AS sign) k
     WHERE s.tenant_id = $1::uuid AND s.session_id = $2::uuid GROUP BY l.tax_rate ORDER BY l.tax_rate DESC`,
    values,
  );
  const movements = await tx.query<{
    id: string;
    created_at: Date;
    amount: string;
    reason: string;
    user_id: string;
    user_name: string;
  }>(
    `SELECT m.id::text, m.created_at, m.amount::text, m.reason, u.id::text AS user_id, u.name AS user_name
     FROM cash_movement m JOIN app_user u ON u.tenant_id = m.tenant_id AND u.id = m.created_by
     WHERE m.tenant_id = $1::uuid AND m.session_id = $2::uuid ORDER BY m.id`,
    values,
  );
  const of = (kind: DocumentKind) => {
    const row = documents.find((one) => one.kind === kind);
    return { count: row?.count ?? 0, total: Number(row?.total ?? 0), change: Number(row?.change ?? 0) };
  };
  const paid = (method: PaymentMethod, sale: boolean) =>
    payments
      .filter((row) => row.method === method && (row.kind === 'sale') === sale)
      .reduce((sum, row) => sum + Number(row.amount), 0);
  const takenIn = (method: PaymentMethod) => paid(method, true) - (method === 'cash' ? of('sale').change : 0);
  const moved = (sign: 1 | -1) => movements.reduce((sum, row) => sum + Math.max(sign * Number(row.amount), 0), 0);
  return {
    documents: { sale: of('sale'), void: of('void'), return: of('return') },
    payments: paymentMethods
      .map((method) => ({ method, total: takenIn(method) - paid(method, false) }))
      .filter(({ method }) => payments.some((row) => row.method === method)),
    tax: tax.map((row) => ({ rate: Number(row.rate), base: Number(row.base), tax: Number(row.tax) })),
    cash: { sales: takenIn('cash'), refunds: paid('cash', false), in: moved(1), out: moved(-1) },
    movements: movements.map((row) => ({
      id: row.id,
      at: row.created_at,
      amount: Number(row.amount),
      reason: row.reason,
      by: { id: row.user_id, name: row.user_name },
    })),
  };
}
