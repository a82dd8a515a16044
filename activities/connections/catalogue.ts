import type { OdooPackage } from '../../connectors/odoo/packages';
import { NervioError, type ErrorCode } from '../../domain/errors';
import { checkPallet } from '../../domain/pallet-check';
import type { OdooStock } from '../../connectors/odoo/stock';
import {
  holdConnection,
  readConnection,
  stampCatalogue,
  type ConnectionRow,
  type ConnectionState,
} from '../../store/connections';
import type { Database } from '../../store/db';
import { readLocationsByExternal, saveLocations } from '../../store/locations';
import { readClock, savePallets } from '../../store/pallets';
import { withHeartbeat } from '../heartbeat';
import type { OdooClients } from '../odoo-clients';

export interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}

export interface CatalogueActivities {
  /** Those that may be called: while the circuit is open nothing but the probe calls a connection. */
  listConnections(): Promise<ConnectionRef[]>;
  /**
   * Reads the places of a connection, and its pallets too where none was ever seen. While the circuit is open it fails
   * without a call; Temporal tries again, so what a person asked for is done when the circuit closes within minutes.
   */
  readCatalogue(input: ConnectionRef): Promise<{ locations: number; pallets: number }>;
}

const pageSize = 500;

/** Why a connection is not called now; null = it may be. */
const refusals: Readonly<Record<ConnectionState, ErrorCode | null>> = {
  unknown: null,
  up: null,
  down: 'odoo_unreachable',
  credentials: 'odoo_credentials',
  incompatible: 'odoo_incompatible',
};

/** @throws NervioError odoo_unreachable, odoo_credentials, odoo_incompatible */
function requireCallable({ state }: ConnectionRow): void {
  const refusal = refusals[state];
  if (refusal) throw new NervioError(refusal, {}, { detail: `The connection is ${state}; it was not called` });
}

/** What is read, and where it is written as long as it stays the same Odoo. */
interface Source {
  tenantId: string;
  connection: ConnectionRow;
  odoo: OdooStock;
}

async function readLocations(db: Database, source: Source, signal: AbortSignal): Promise<number> {
  const { tenantId, connection, odoo } = source;
  const seen = await odoo.listLocations(signal);
  await db.withTenant(tenantId, async (tx) => {
    await holdConnection(tx, connection);
    await saveLocations(tx, connection.id, seen);
  });
  return seen.length;
}

/** What was found of some packages, as the cache of scanned pallets keeps it. */
async function savePackages(
  db: Database,
  { tenantId, connection }: Source,
  codes: string[],
  packages: OdooPackage[],
  askedAt: Date,
): Promise<void> {
  const externalIds = packages.flatMap((found) => (found.locationId === null ? [] : [found.locationId]));
  await db.withTenant(tenantId, async (tx) => {
    await holdConnection(tx, connection);
    const places = await readLocationsByExternal(tx, connection.id, externalIds);
    await savePallets(
      tx,
      connection.id,
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
      askedAt,
    );
  });
}

async function readPackages(db: Database, source: Source, signal: AbortSignal): Promise<number> {
  let afterId = 0;
  let count = 0;
  for (;;) {
    const askedAt = await readClock(db.installation);
    const page = await source.odoo.listPackages({ afterId, limit: pageSize }, signal);
    const last = page.at(-1);
    if (!last) return count;
    await savePackages(db, source, [...new Set(page.map((found) => found.name))], page, askedAt);
    count += page.length;
    afterId = last.id;
  }
}

/** PICK-07, PICK-09: the catalogue of places, and the pallets before they are scanned. */
export function createCatalogueActivities(deps: { db: Database; odoo: OdooClients }): CatalogueActivities {
  const { db, odoo } = deps;
  return {
    async listConnections() {
      const callable: ConnectionRef[] = [];
      for (const ref of await db.definer.listConnections()) {
        const connection = await db.withTenant(ref.tenantId, (tx) => readConnection(tx, ref.connectionId));
        if (connection?.kind === 'odoo' && refusals[connection.state] === null) callable.push(ref);
      }
      return callable;
    },
    readCatalogue: (input) =>
      withHeartbeat(async (signal) => {
        const source = { tenantId: input.tenantId, ...(await odoo.of(input.tenantId, input.connectionId)) };
        const { connection } = source;
        requireCallable(connection);
        const locations = await readLocations(db, source, signal);
        const pallets = connection.catalogueSyncedAt ? 0 : await readPackages(db, source, signal);
        await db.withTenant(input.tenantId, async (tx) => {
          await holdConnection(tx, connection);
          await stampCatalogue(tx, connection.id);
        });
        return { locations, pallets };
      }),
  };
}
