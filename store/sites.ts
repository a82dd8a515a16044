import type { Tx } from './db';

export type SiteKind = 'store' | 'warehouse';

export interface SiteRecord {
  id: string;
  name: string;
  kind: SiteKind;
  address: string | null;
  timeZone: string;
  allowNegative: boolean;
  active: boolean;
  version: number;
}

interface SiteRow {
  id: string;
  name: string;
  kind: SiteKind;
  address: string | null;
  time_zone: string;
  allow_negative: boolean;
  active: boolean;
  version: number;
}

const recordOf = (row: SiteRow): SiteRecord => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  address: row.address,
  timeZone: row.time_zone,
  allowNegative: row.allow_negative,
  active: row.active,
  version: row.version,
});

const columns = 'id, name, kind, address, time_zone, allow_negative, active, version';

/**
 * A site with its default location, sizes and colours (TEN-01): the trigger `site_provision` makes them in this statement.
 * Returns false when the business has a site of that name.
 */
export async function insertSite(tx: Tx, site: Omit<SiteRecord, 'active' | 'version'>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO site (tenant_id, id, name, kind, address, time_zone, allow_negative)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::boolean) ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id`,
    [tx.tenantId, site.id, site.name, site.kind, site.address, site.timeZone, site.allowNegative],
  );
  return rows.length > 0;
}

/** @param lock takes the row for the rest of the transaction */
export async function findSite(tx: Tx, id: string, lock = false): Promise<SiteRecord | null> {
  const [row] = await tx.query<SiteRow>(
    `SELECT ${columns} FROM site WHERE tenant_id = $1::uuid AND id = $2::uuid ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [tx.tenantId, id],
  );
  return row === undefined ? null : recordOf(row);
}

/** Which of the ids are sites of the business. */
export async function knownSites(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    'SELECT id FROM site WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[])',
    [tx.tenantId, [...ids]],
  );
  return new Set(rows.map(({ id }) => id));
}

/** All of the business, by id. */
export async function allSiteIds(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>('SELECT id FROM site WHERE tenant_id = $1::uuid ORDER BY id', [
    tx.tenantId,
  ]);
  return rows.map(({ id }) => id);
}

export async function isSiteNameTaken(tx: Tx, name: string, butOf: string): Promise<boolean> {
  const rows = await tx.query('SELECT id FROM site WHERE tenant_id = $1::uuid AND name = $2 AND id <> $3::uuid', [
    tx.tenantId,
    name,
    butOf,
  ]);
  return rows.length > 0;
}

/** What may change of a site; the version rises. */
export async function updateSite(tx: Tx, site: SiteRecord): Promise<void> {
  await tx.query(
    `WITH changed AS (
       UPDATE site SET name = $3, address = $4, allow_negative = $5::boolean, version = version + 1
       WHERE tenant_id = $1::uuid AND id = $2::uuid
     ) SELECT 1`,
    [tx.tenantId, site.id, site.name, site.address, site.allowNegative],
  );
}

/**
 * Copies a site's `allow_negative` to its levels, locked in their order. Returns how many levels stand in the way: below zero,
 * or with more held than there is, and no open shortage that says so; then nothing was changed. Where everything may be, no
 * shortage stays open.
 */
export async function copyAllowNegative(tx: Tx, siteId: string, allow: boolean): Promise<number> {
  const levels = await tx.query<{ short: boolean }>(
    `SELECT negative_task_id IS NULL AND (on_hand < 0 OR held > greatest(on_hand, 0)) AS short FROM stock_level
     WHERE tenant_id = $1::uuid AND site_id = $2::uuid ORDER BY site_id, variant_id FOR UPDATE`,
    [tx.tenantId, siteId],
  );
  const short = levels.filter((level) => level.short).length;
  if (!allow && short > 0) return short;
  await tx.query(
    `WITH closed AS (
       UPDATE stock_shortage SET closed_at = clock_timestamp()
       WHERE tenant_id = $1::uuid AND site_id = $2::uuid AND closed_at IS NULL AND $3::boolean
     ), changed AS (
       UPDATE stock_level SET allow_negative = $3::boolean, negative_task_id = CASE WHEN $3::boolean THEN NULL ELSE negative_task_id END
       WHERE tenant_id = $1::uuid AND site_id = $2::uuid AND allow_negative <> $3::boolean
     ) SELECT 1`,
    [tx.tenantId, siteId, allow],
  );
  return 0;
}

export interface SiteLocation {
  id: string;
  name: string;
  active: boolean;
  /** Where what comes in is put unless said otherwise. */
  isDefault: boolean;
}

export async function listSiteLocations(tx: Tx, siteId: string): Promise<SiteLocation[]> {
  return tx.query<SiteLocation>(
    `SELECT l.id, l.name, l.active, u.location_id IS NOT NULL AS "isDefault" FROM site_location l
     LEFT JOIN site_setup u ON u.tenant_id = l.tenant_id AND u.site_id = l.site_id AND u.location_id = l.id
     WHERE l.tenant_id = $1::uuid AND l.site_id = $2::uuid ORDER BY l.name, l.id`,
    [tx.tenantId, siteId],
  );
}

/** Returns false when the site has a location of that name. */
export async function insertLocation(tx: Tx, location: { id: string; siteId: string; name: string }): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO site_location (tenant_id, id, site_id, name) VALUES ($1::uuid, $2::uuid, $3::uuid, $4)
     ON CONFLICT (tenant_id, site_id, name) DO NOTHING RETURNING id`,
    [tx.tenantId, location.id, location.siteId, location.name],
  );
  return rows.length > 0;
}

export interface Size {
  id: string;
  name: string;
}

export interface Colour extends Size {
  hex: string | null;
}

/** In their own order; of a site, or (null) of the business. */
export async function listSizes(tx: Tx, siteId: string | null): Promise<Size[]> {
  return tx.query<Size>(
    `SELECT s.id, s.name FROM size s WHERE s.tenant_id = $1::uuid AND ($2::uuid IS NULL OR EXISTS (
       SELECT FROM site_size x WHERE x.tenant_id = s.tenant_id AND x.size_id = s.id AND x.site_id = $2::uuid))
     ORDER BY s.position, s.name`,
    [tx.tenantId, siteId],
  );
}

export async function listColours(tx: Tx, siteId: string | null): Promise<Colour[]> {
  return tx.query<Colour>(
    `SELECT c.id, c.name, c.hex FROM colour c WHERE c.tenant_id = $1::uuid AND ($2::uuid IS NULL OR EXISTS (
       SELECT FROM site_colour x WHERE x.tenant_id = c.tenant_id AND x.colour_id = c.id AND x.site_id = $2::uuid))
     ORDER BY c.position, c.name`,
    [tx.tenantId, siteId],
  );
}

/** At the end of the order; all sites carry it from now on (trigger). Returns false when there is one of that name. */
export async function insertSize(tx: Tx, size: Size): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO size (tenant_id, id, name, position)
     SELECT $1::uuid, $2::uuid, $3, coalesce(max(position), 0) + 1 FROM size WHERE tenant_id = $1::uuid
     ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id`,
    [tx.tenantId, size.id, size.name],
  );
  return rows.length > 0;
}

export async function insertColour(tx: Tx, colour: Colour): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO colour (tenant_id, id, name, hex, position)
     SELECT $1::uuid, $2::uuid, $3, $4, coalesce(max(position), 0) + 1 FROM colour WHERE tenant_id = $1::uuid
     ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id`,
    [tx.tenantId, colour.id, colour.name, colour.hex],
  );
  return rows.length > 0;
}

export async function countRegisters(tx: Tx, siteId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM register WHERE tenant_id = $1::uuid AND site_id = $2::uuid AND active',
    [tx.tenantId, siteId],
  );
  return row?.n ?? 0;
}
