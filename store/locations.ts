import { v7 as uuidv7 } from 'uuid';
import { NervioError } from '../domain/errors';
import { placeNames } from '../domain/place-names';
import type { Tx } from './db';

export interface LocationRow {
  id: string;
  externalId: number;
  /** Full name, e.g. `WH/Stock/Cámara 1`. */
  name: string;
  /** As a person says it, e.g. `Cámara 1`; no two places that are in use are called alike. */
  shortName: string;
  barcode: string | null;
  usage: string;
  active: boolean;
}

export interface SeenLocation {
  id: number;
  name: string;
  shortName: string;
  barcode: string | null;
  usage: string;
  active: boolean;
}

interface Raw {
  id: string;
  external_id: number;
  name: string;
  short_name: string;
  barcode: string | null;
  usage: string;
  active: boolean;
}

const columns = 'id, external_id, name, short_name, barcode, usage, active';
const fromRaw = (raw: Raw): LocationRow => ({
  id: raw.id,
  externalId: raw.external_id,
  name: raw.name,
  shortName: raw.short_name,
  barcode: raw.barcode,
  usage: raw.usage,
  active: raw.active,
});

/** Pallets may be put only into places that hold goods of our own. */
export const legalUsages = ['internal', 'transit'];

export function isLegalDestination(location: LocationRow): boolean {
  return location.active && legalUsages.includes(location.usage);
}

/** A row of another connection of the tenant is not found. */
export async function findLocation(
  tx: Tx,
  connectionId: string,
  by: { id: string } | { barcode: string },
): Promise<LocationRow | null> {
  const [raw] =
    'id' in by
      ? await tx.query<Raw>(
          `SELECT ${columns} FROM location WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND id = $3::uuid`,
          [tx.tenantId, connectionId, by.id],
        )
      : await tx.query<Raw>(
          `SELECT ${columns} FROM location WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND barcode = $3
           ORDER BY active DESC, id LIMIT 1`,
          [tx.tenantId, connectionId, by.barcode],
        );
  return raw ? fromRaw(raw) : null;
}

/** Places of one connection by their ids, and those with a barcode; of one barcode the active place comes first. */
export async function findPlaces(
  tx: Tx,
  connectionId: string,
  by: { ids: string[]; barcode: string | null },
): Promise<LocationRow[]> {
  const rows = await tx.query<Raw>(
    `SELECT ${columns} FROM location
     WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND (id = ANY($3::uuid[]) OR barcode = $4)
     ORDER BY active DESC, id`,
    [tx.tenantId, connectionId, by.ids, by.barcode],
  );
  return rows.map(fromRaw);
}

export async function readLocations(tx: Tx, ids: string[]): Promise<Map<string, LocationRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<Raw>(
    `SELECT ${columns} FROM location WHERE tenant_id = $1::uuid AND id = ANY($2::uuid[])`,
    [tx.tenantId, [...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, fromRaw(row)]));
}

export async function readLocationsByExternal(
  tx: Tx,
  connectionId: string,
  externalIds: number[],
): Promise<Map<number, LocationRow>> {
  if (externalIds.length === 0) return new Map();
  const rows = await tx.query<Raw>(
    `SELECT ${columns} FROM location WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND external_id = ANY($3::int[])`,
    [tx.tenantId, connectionId, [...new Set(externalIds)]],
  );
  return new Map(rows.map((row) => [row.external_id, fromRaw(row)]));
}

/**
 * Writes what Odoo's whole catalogue says. What is not in it any more was deleted there and is archived here. When no place
 * of our own is left of those that were there before, they were not deleted but hidden from the connection's user (a record
 * rule of Odoo leaves those of no company visible): such a reading is a failure and changes nothing.
 * @throws NervioError odoo_forbidden
 */
export async function saveLocations(tx: Tx, connectionId: string, seen: SeenLocation[]): Promise<void> {
  const inUse = seen.filter((location) => location.active && legalUsages.includes(location.usage));
  if (inUse.length === 0 && (await hasDestinations(tx, connectionId))) {
    const detail = 'Odoo shows the user of the connection none of the places that pallets can be moved to';
    throw new NervioError('odoo_forbidden', {}, { detail });
  }
  const names = placeNames(inUse.map(({ name, shortName }) => ({ path: name, name: shortName })));
  const nameOf = new Map(inUse.map(({ id }, index) => [id, names[index]!]));
  await tx.query(
    `WITH written AS (
       INSERT INTO location (tenant_id, id, connection_id, external_id, name, short_name, barcode, usage, active, synced_at)
       SELECT $1::uuid, r.id, $2::uuid, r.external_id, r.name, r.short_name, r.barcode, r.usage, r.active, clock_timestamp()
       FROM jsonb_to_recordset($3::jsonb) AS r (id uuid, external_id int, name text, short_name text, barcode text, usage text, active boolean)
       ON CONFLICT (tenant_id, connection_id, external_id) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,
         barcode = excluded.barcode, usage = excluded.usage, active = excluded.active, synced_at = excluded.synced_at
     ) SELECT 1`,
    [
      tx.tenantId,
      connectionId,
      JSON.stringify(
        seen.map((location) => ({
          id: uuidv7(),
          external_id: location.id,
          name: location.name,
          short_name: nameOf.get(location.id) ?? location.shortName,
          barcode: location.barcode,
          usage: location.usage,
          active: location.active,
        })),
      ),
    ],
  );
  await tx.query(
    `WITH gone AS (UPDATE location SET active = false WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND active
       AND NOT (external_id = ANY($3::int[]))) SELECT 1`,
    [tx.tenantId, connectionId, seen.map((location) => location.id)],
  );
}

async function hasDestinations(tx: Tx, connectionId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM location WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND active AND usage = ANY($3::text[]) LIMIT 1`,
    [tx.tenantId, connectionId, legalUsages],
  );
  return rows.length > 0;
}

export interface CatalogueQuery {
  q?: string;
  barcode?: string;
  /** Keyset: the last item of the page before. */
  after?: { shortName: string; id: string };
  limit: number;
}

/** Legal destinations only, by name. */
export async function listDestinations(tx: Tx, connectionId: string, query: CatalogueQuery): Promise<LocationRow[]> {
  const rows = await tx.query<Raw>(
    `SELECT ${columns} FROM location
     WHERE tenant_id = $1::uuid AND connection_id = $2::uuid AND active AND usage = ANY($3::text[]) AND barcode IS NOT NULL
       AND ($4::text IS NULL OR barcode = $4)
       AND ($5::text IS NULL OR position(lower($5) IN lower(name)) > 0 OR position(lower($5) IN lower(barcode)) > 0)
       AND ($6::text IS NULL OR (short_name, id) > ($6, $7::uuid))
     ORDER BY short_name, id LIMIT $8::int`,
    [
      tx.tenantId,
      connectionId,
      legalUsages,
      query.barcode ?? null,
      query.q || null,
      query.after?.shortName ?? null,
      query.after?.id ?? null,
      query.limit,
    ],
  );
  return rows.map(fromRaw);
}
