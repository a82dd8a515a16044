import type { Role } from '../domain/access';
import type { Tx } from './db';

type Reader = Pick<Tx, 'tenantId' | 'query'>;

/** A session with the user behind it, as it stands now. Ages are in seconds, by the database's clock. */
export interface SessionView {
  sessionId: string;
  ageSeconds: number;
  idleSeconds: number;
  revoked: boolean;
  device: string | null;
  tenantActive: boolean;
  user: {
    id: string;
    email: string;
    name: string;
    role: Role;
    active: boolean;
    locale: 'es' | 'en';
    /** null = all sites of the tenant. */
    siteIds: string[] | null;
  };
}

interface SessionRow {
  id: string;
  age: number;
  idle: number;
  revoked: boolean;
  device: string | null;
  tenant_status: string;
  user_id: string;
  email: string;
  name: string;
  role: Role;
  active: boolean;
  locale: string;
  all_sites: boolean;
  site_ids: string[];
}

export async function readSession(tx: Reader, sessionId: string): Promise<SessionView | null> {
  return (await readSessions(tx, [sessionId])).get(sessionId) ?? null;
}

/** Those that there are, by id. */
export async function readSessions(tx: Reader, sessionIds: readonly string[]): Promise<Map<string, SessionView>> {
  const rows = await tx.query<SessionRow>(
    `SELECT s.id::text, s.device, s.revoked_at IS NOT NULL AS revoked, t.status AS tenant_status,
            extract(epoch FROM clock_timestamp() - s.created_at)::float8 AS age,
            extract(epoch FROM clock_timestamp() - s.last_seen_at)::float8 AS idle,
            u.id::text AS user_id, u.email, u.name, u.role, u.active, u.locale, u.all_sites,
            ARRAY(SELECT x.site_id::text FROM user_site x
                  WHERE x.tenant_id = u.tenant_id AND x.user_id = u.id ORDER BY 1) AS site_ids
     FROM unnest($2::uuid[]) AS k (id)
     JOIN session s ON s.tenant_id = $1::uuid AND s.id = k.id
     JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
     JOIN tenant t ON t.id = s.tenant_id`,
    [tx.tenantId, sessionIds],
  );
  return new Map(rows.map((row) => [row.id, viewOf(row)]));
}

const viewOf = (row: SessionRow): SessionView => ({
  sessionId: row.id,
  ageSeconds: row.age,
  idleSeconds: row.idle,
  revoked: row.revoked,
  device: row.device,
  tenantActive: row.tenant_status === 'active',
  user: {
    id: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    active: row.active,
    locale: row.locale === 'en' ? 'en' : 'es',
    siteIds: row.all_sites ? null : row.site_ids,
  },
});

export async function createSession(
  tx: Tx,
  session: { id: string; userId: string; device: string | null; tokenId: string; refreshHash: Buffer },
): Promise<void> {
  await tx.query('INSERT INTO session (tenant_id, id, user_id, device) VALUES ($1::uuid, $2::uuid, $3::uuid, $4)', [
    tx.tenantId,
    session.id,
    session.userId,
    session.device,
  ]);
  await insertRefreshToken(tx, { id: session.tokenId, sessionId: session.id, hash: session.refreshHash });
  await tx.query('UPDATE app_user SET last_login_at = clock_timestamp() WHERE tenant_id = $1::uuid AND id = $2::uuid', [
    tx.tenantId,
    session.userId,
  ]);
}

async function insertRefreshToken(tx: Tx, token: { id: string; sessionId: string; hash: Buffer }): Promise<void> {
  await tx.query(
    'INSERT INTO refresh_token (tenant_id, id, session_id, hash) VALUES ($1::uuid, $2::uuid, $3::uuid, $4)',
    [tx.tenantId, token.id, token.sessionId, token.hash],
  );
}

/**
 * The sessions were used by a person. One that somebody else writes just now is left out, and will be asked about again: who waits for a
 * row with others in hand could wait for whom it keeps waiting.
 */
export async function touchSessions(tx: Reader, sessionIds: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE session s SET last_seen_at = clock_timestamp()
     FROM (SELECT id FROM session WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[]) AND revoked_at IS NULL
           FOR NO KEY UPDATE SKIP LOCKED) k
     WHERE s.tenant_id = $1::uuid AND s.id = k.id`,
    [tx.tenantId, sessionIds],
  );
}

export type SessionEnd = 'logout' | 'refresh_reused' | 'user_changed' | 'password_changed';

export async function revokeSession(tx: Tx, sessionId: string, reason: SessionEnd): Promise<void> {
  await tx.query(
    `UPDATE session SET revoked_at = clock_timestamp(), revoked_reason = $3
     WHERE tenant_id = $1::uuid AND id = $2::uuid AND revoked_at IS NULL`,
    [tx.tenantId, sessionId, reason],
  );
}

/** @param except a session that goes on: of the person who changes their own password */
export async function revokeSessionsOfUser(
  tx: Tx,
  userId: string,
  reason: SessionEnd,
  except: string | null = null,
): Promise<void> {
  await tx.query(
    `UPDATE session SET revoked_at = clock_timestamp(), revoked_reason = $3
     WHERE tenant_id = $1::uuid AND user_id = $2::uuid AND revoked_at IS NULL AND id IS DISTINCT FROM $4::uuid`,
    [tx.tenantId, userId, reason, except],
  );
}

/**
 * `rotated` = used for the first time; `repeated` = used before, within the grace, so an answer got lost;
 * `reused` = used before and long ago, so somebody has a copy.
 */
export type Rotation = 'rotated' | 'repeated' | 'reused';

/** Uses a refresh token up. Two at once wait for each other on its row, and the second is `repeated`. */
export async function useRefreshToken(
  tx: Tx,
  token: { id: string; sessionId: string; successorId: string; successorHash: Buffer; graceSeconds: number },
): Promise<Rotation> {
  const [row] = await tx.query<{ used_seconds: number | null }>(
    `SELECT extract(epoch FROM clock_timestamp() - used_at)::float8 AS used_seconds FROM refresh_token
     WHERE tenant_id = $1::uuid AND id = $2::uuid FOR UPDATE`,
    [tx.tenantId, token.id],
  );
  if (row === undefined) return 'reused';
  if (row.used_seconds !== null) return row.used_seconds <= token.graceSeconds ? 'repeated' : 'reused';
  await tx.query('UPDATE refresh_token SET used_at = clock_timestamp() WHERE tenant_id = $1::uuid AND id = $2::uuid', [
    tx.tenantId,
    token.id,
  ]);
  await insertRefreshToken(tx, { id: token.successorId, sessionId: token.sessionId, hash: token.successorHash });
  return 'rotated';
}

/** A used token tells a copy in other hands from a lost answer. After this long it is refused as one that never was. */
const keepUsedTokens = '1 day';

/** Deletes up to `limit` tokens that were used long ago; returns how many. */
export async function pruneUsedTokens(tx: Tx, limit: number): Promise<number> {
  const [row] = await tx.query<{ gone: number }>(
    `WITH old AS (
       SELECT id FROM refresh_token WHERE tenant_id = $1::uuid AND used_at < clock_timestamp() - $2::interval
       LIMIT $3::int FOR UPDATE SKIP LOCKED
     ), gone AS (
       DELETE FROM refresh_token r USING old WHERE r.tenant_id = $1::uuid AND r.id = old.id RETURNING r.id
     ) SELECT count(*)::int AS gone FROM gone`,
    [tx.tenantId, keepUsedTokens, limit],
  );
  return row?.gone ?? 0;
}

/** How long a session is kept after its end, and the longest time without use that a session may be set to live. */
const keepEnded = '30 days';
const longestIdle = '30 days';

/** Deletes up to `limit` sessions that ended long ago, with their tokens; returns how many. The audit keeps what they did. */
export async function pruneSessions(tx: Tx, limit: number): Promise<number> {
  const [row] = await tx.query<{ gone: number }>(
    `WITH ended AS (
       SELECT id FROM session
       WHERE tenant_id = $1::uuid AND (revoked_at < clock_timestamp() - $2::interval
         OR last_seen_at < clock_timestamp() - $2::interval - $3::interval)
       LIMIT $4::int FOR UPDATE SKIP LOCKED
     ), gone AS (
       DELETE FROM session s USING ended WHERE s.tenant_id = $1::uuid AND s.id = ended.id RETURNING s.id
     ) SELECT count(*)::int AS gone FROM gone`,
    [tx.tenantId, keepEnded, longestIdle, limit],
  );
  return row?.gone ?? 0;
}
