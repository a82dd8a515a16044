import type { OdooPackage } from '../../connectors/odoo/packages';
import { checkPallet } from '../../domain/pallet-check';
import { stampCatalogue } from '../../store/connections';
import type { Database } from '../../store/db';
import { readLocationsByExternal, saveLocations } from '../../store/locations';
import { savePallets } from '../../store/pallets';
import { withHeartbeat } from '../heartbeat';
import type { OdooClients } from '../odoo-clients';

export interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}

export interface CatalogueActivities {
  listConnections(): Promise<ConnectionRef[]>;
  /** Reads the places of a connection, and its pallets too where none was ever seen. */
  readCatalogue(input: ConnectionRef): Promise<{ locations: number; pallets: number }>;
}

const pageSize = 500;

async function readLocations(
  db: Database,
  clients: OdooClients,
  input: ConnectionRef,
  signal: AbortSignal,
): Promise<number> {
  const { odoo } = await clients.of(input.tenantId, input.connectionId);
  const seen = await odoo.listLocations(signal);
  await db.withTenant(input.tenantId, (tx) => saveLocations(tx, input.connectionId, seen));
  return seen.length;
}

/** What was found of some packages, as the cache of scanned pallets keeps it. */
export async function savePackages(
  db: Database,
  input: ConnectionRef,
  codes: string[],
  packages: OdooPackage[],
): Promise<void> {
  const externalIds = packages.flatMap((found) => (found.locationId === null ? [] : [found.locationId]));
  await db.withTenant(input.tenantId, async (tx) => {
    const places = await readLocationsByExternal(tx, input.connectionId, externalIds);
    await savePallets(
      tx,
      input.connectionId,
      codes.map((code) => {
        const named = packages.filter((found) => found.name === code);
        const checked = checkPallet(code, named, { expected: null, destination: -1 });
        return {
          code,
          weightKg: checked.weightKg,
          product: named.length === 1 ? (named[0]!.quants[0]?.productName ?? null) : null,
          locationId: checked.locationId === null ? null : (places.get(checked.locationId)?.id ?? null),
          problem: checked.problem,
        };
      }),
    );
  });
}

async function readPackages(
  db: Database,
  clients: OdooClients,
  input: ConnectionRef,
  signal: AbortSignal,
): Promise<number> {
  const { odoo } = await clients.of(input.tenantId, input.connectionId);
  let afterId = 0;
  let count = 0;
  for (;;) {
    const page = await odoo.listPackages({ afterId, limit: pageSize }, signal);
    const last = page.at(-1);
    if (!last) return count;
    await savePackages(db, input, [...new Set(page.map((found) => found.name))], page);
    count += page.length;
    afterId = last.id;
  }
}

/** PICK-07, PICK-09: the catalogue of places, and the pallets before they are scanned. */
export function createCatalogueActivities(deps: { db: Database; odoo: OdooClients }): CatalogueActivities {
  const { db, odoo } = deps;
  return {
    listConnections: () => db.definer.listConnections(),
    readCatalogue: (input) =>
      withHeartbeat(async (signal) => {
        const { connection } = await odoo.of(input.tenantId, input.connectionId);
        const locations = await readLocations(db, odoo, input, signal);
        const pallets = connection.catalogueSyncedAt ? 0 : await readPackages(db, odoo, input, signal);
        await db.withTenant(input.tenantId, (tx) => stampCatalogue(tx, input.connectionId));
        return { locations, pallets };
      }),
  };
}
