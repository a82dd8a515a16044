import type { Cluster } from '../db/cluster';
import type { Database } from '../db/database';
import type { Row } from '../db/table';
import type { OdooVersion } from '../versions';
import type { Counters, Twice } from './counters';
import type { Modes, Setting } from './modes';

export interface PickingState {
  db: string;
  id: number;
  name: string;
  origin: string | null;
  state: string;
  /** Codes of the pallets that it moves. */
  packages: string[];
  /** Barcode of the destination, or its name when it has none. */
  destination: string;
}

export interface SimulatorState {
  mode: Setting;
  /** Calls that are done and whose answers `hold` keeps. */
  held: string[];
  pickings: PickingState[];
  /** Per database its version and where each pallet is (barcode, or name; null = it is empty). */
  databases: Record<string, { version: OdooVersion; packages: Record<string, string | null> }>;
  /** Calls per `model.method` since the start. */
  calls: Record<string, number>;
  seenTwice: Twice[];
}

/** Everything that `/_state` shows. */
export function stateOf(cluster: Cluster, counters: Counters, modes: Modes): SimulatorState {
  const databases = cluster.all();
  return {
    mode: modes.setting,
    held: modes.held,
    pickings: databases.flatMap(pickingsOf),
    databases: Object.fromEntries(databases.map((db) => [db.name, { version: db.version, packages: packagesOf(db) }])),
    calls: counters.perMethod,
    seenTwice: counters.twice,
  };
}

function pickingsOf(db: Database): PickingState[] {
  return db
    .table('stock.picking')
    .all()
    .map((row) => ({
      db: db.name,
      id: row.id,
      name: String(row['name']),
      origin: typeof row['origin'] === 'string' ? row['origin'] : null,
      state: String(row['state']),
      packages: packageCodes(db, row),
      destination: placeName(db, row['location_dest_id']) ?? '',
    }));
}

function packageCodes(db: Database, picking: Row): string[] {
  const levels = db.table('stock.package_level').where('picking_id', [picking.id]);
  const lines = db.table('stock.move.line').where('picking_id', [picking.id]);
  const ids = new Set([...levels, ...lines].map((row) => row['package_id']).filter((id) => typeof id === 'number'));
  return [...ids].map((id) => String(db.table('stock.quant.package').get(id)?.['name']));
}

function packagesOf(db: Database): Record<string, string | null> {
  const result: Record<string, string | null> = {};
  for (const pack of db.table('stock.quant.package').all()) {
    const quants = db.table('stock.quant').where('package_id', [pack.id]);
    const quant = quants.find((one) => Number(one['quantity']) > 0);
    result[String(pack['name'])] = quant ? placeName(db, quant['location_id']) : null;
  }
  return result;
}

function placeName(db: Database, id: unknown): string | null {
  const place = typeof id === 'number' ? db.table('stock.location').get(id) : undefined;
  if (!place) return null;
  return String(place['barcode'] ?? place['name']);
}
