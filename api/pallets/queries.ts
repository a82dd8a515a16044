import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { checkPallet, type PalletProblem } from '../../domain/pallet-check';
import { findOdooConnection, type ConnectionRow } from '../../store/connections';
import { readLocations, readLocationsByExternal, type LocationRow } from '../../store/locations';
import { addCatalogueSync } from '../../store/outbox';
import { openDestinations, palletFreshMs, readPallets, savePallets, type PalletRow } from '../../store/pallets';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

export interface ScannedPalletView {
  code: string;
  weightKg: number | null;
  product: string | null;
  /** Where it is, or where an open move will put it. Null: nowhere. */
  location: { id: string; name: string; barcode: string | null } | null;
  /** What keeps it from being moved; a code of the error catalogue. */
  problem: string | null;
  /** The open move that will put it at `location`. */
  pendingOperationId: string | null;
  asOf: string;
  /** Odoo did not answer; this is what it said at `asOf`. */
  stale: boolean;
}

/** A person is waiting at the scanner. */
const readMs = 2_000;

interface Known {
  connection: ConnectionRow;
  pallet: PalletRow | null;
  location: LocationRow | null;
  open: { locationId: string; operationId: string } | null;
}

async function readKnown(deps: ApiDeps, tenantId: string, code: string): Promise<Known> {
  return deps.db.withTenant(tenantId, async (tx) => {
    const connection = await findOdooConnection(tx);
    if (!connection) throw new NervioError('no_connection');
    const pallet = (await readPallets(tx, connection.id, [code])).get(code) ?? null;
    const open = (await openDestinations(tx, [code])).get(code) ?? null;
    const at = open?.locationId ?? pallet?.locationId;
    const location = at ? ((await readLocations(tx, [at])).get(at) ?? null) : null;
    return { connection, pallet, location, open };
  });
}

/**
 * GET /pallets/:code. Fresh for a minute after a scan; then Odoo is asked, for 2 s at most and only while its circuit is
 * closed; otherwise what was known answers, marked stale. Open moves are laid over both.
 * @throws NervioError unknown_pallet; unavailable when Odoo does not answer and nothing is known
 */
export async function scanPallet(deps: ApiDeps, actor: Actor, code: string): Promise<ScannedPalletView> {
  requirePermission(actor, 'pallets.read');
  const { tenantId } = actor;
  let known = await readKnown(deps, tenantId, code);
  const fresh = known.pallet !== null && Date.now() - known.pallet.fetchedAt.getTime() < palletFreshMs;
  deps.cacheHits.count(fresh);
  let stale = false;
  if (!fresh) {
    stale = !(await refresh(deps, tenantId, known.connection, code));
    if (!stale) known = await readKnown(deps, tenantId, code);
  }
  const { pallet, location, open } = known;
  if (!pallet) throw new NervioError('unavailable', { code: 'odoo_unreachable' });
  if (pallet.problem === 'unknown_pallet' && !open) throw new NervioError('unknown_pallet', { pallet: code });
  return {
    code,
    weightKg: pallet.weightKg,
    product: pallet.product,
    location: location && { id: location.id, name: location.shortName, barcode: location.barcode },
    problem: open ? null : pallet.problem,
    pendingOperationId: open?.operationId ?? null,
    asOf: pallet.fetchedAt.toISOString(),
    stale,
  };
}

/** Asks Odoo and writes down what it says. False: it could not be asked. */
async function refresh(deps: ApiDeps, tenantId: string, connection: ConnectionRow, code: string): Promise<boolean> {
  if (connection.state !== 'up' && connection.state !== 'unknown') return false;
  const ref = { tenantId, connectionId: connection.id };
  let packages: Awaited<ReturnType<ApiDeps['pallets']['find']>>;
  try {
    packages = await deps.pallets.find(ref, code, AbortSignal.timeout(readMs));
  } catch (error) {
    deps.log.info(
      { err: error, connectionId: connection.id },
      'pallet not read from Odoo, answering from what is known',
    );
    return false;
  }
  const checked = checkPallet(code, packages, { expected: null, destination: -1 });
  await deps.db.withTenant(tenantId, async (tx) => {
    // A place that our catalogue does not know yet: it is read anew, and the next scan knows it.
    const places = await readLocationsByExternal(
      tx,
      connection.id,
      checked.locationId === null ? [] : [checked.locationId],
    );
    if (checked.locationId !== null && places.size === 0) await addCatalogueSync(tx, connection.id);
    await savePallets(tx, connection.id, [
      {
        code,
        weightKg: checked.weightKg,
        product: packages.length === 1 ? (packages[0]!.quants[0]?.productName ?? null) : null,
        locationId: checked.locationId === null ? null : (places.get(checked.locationId)?.id ?? null),
        problem: checked.problem satisfies PalletProblem | null,
      },
    ]);
  });
  return true;
}
