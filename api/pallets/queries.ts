import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { checkPallet, type PalletProblem } from '../../domain/pallet-check';
import { findOdooConnection, holdsStill, type ConnectionRow } from '../../store/connections';
import { readLocations, readLocationsByExternal, type LocationRow } from '../../store/locations';
import { addCatalogueSync } from '../../store/outbox';
import {
  palletFreshMs,
  placeOf,
  readClock,
  readOutlooks,
  readPallets,
  savePallets,
  type Outlook,
  type PalletRow,
} from '../../store/pallets';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

export interface ScannedPalletView {
  code: string;
  weightKg: number | null;
  product: string | null;
  /** Where it is, or where an open move will put it. Null: nowhere, or nobody can say before a person has decided. */
  location: { id: string; name: string; barcode: string | null } | null;
  /** What keeps it from being moved; a code of the error catalogue. */
  problem: string | null;
  /** The open move that will put it at `location`, forward or by being undone. */
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
  open: Outlook | null;
}

const isFresh = (pallet: PalletRow | null): boolean =>
  pallet !== null && Date.now() - pallet.fetchedAt.getTime() < palletFreshMs;

async function readKnown(deps: ApiDeps, tenantId: string, code: string): Promise<Known> {
  return deps.db.withTenant(tenantId, async (tx) => {
    const connection = await findOdooConnection(tx);
    if (!connection) throw new NervioError('no_connection');
    const pallet = (await readPallets(tx, connection.id, [code])).get(code) ?? null;
    const open = (await readOutlooks(tx, connection.id, [code])).get(code) ?? null;
    const at = placeOf(pallet, open);
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
  let stale = !isFresh(known.pallet);
  deps.cacheHits.count(!stale);
  const signal = AbortSignal.timeout(readMs);
  // An answer that was overtaken (the pallet's move ended while Odoo was asked) is worth one more question.
  for (let asked = 0; stale && asked < 2; asked++) {
    const outcome = await refresh(deps, tenantId, known.connection, code, signal);
    if (outcome === 'unanswered') break;
    known = await readKnown(deps, tenantId, code);
    stale = outcome === 'overtaken' && !isFresh(known.pallet);
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

/** Asks Odoo and writes down what it says, unless something newer is known by then. */
async function refresh(
  deps: ApiDeps,
  tenantId: string,
  connection: ConnectionRow,
  code: string,
  signal: AbortSignal,
): Promise<'written' | 'overtaken' | 'unanswered'> {
  if (connection.state !== 'up' && connection.state !== 'unknown') return 'unanswered';
  const { id: connectionId, maxConcurrency } = connection;
  const askedAt = await readClock(deps.db.installation);
  let packages: Awaited<ReturnType<ApiDeps['pallets']['find']>>;
  try {
    packages = await deps.pallets.find({ tenantId, connectionId, maxConcurrency }, code, signal);
  } catch (error) {
    deps.log.info({ err: error, connectionId }, 'pallet not read from Odoo, answering from what is known');
    return 'unanswered';
  }
  const checked = checkPallet(code, packages, { expected: null, destination: -1 });
  return deps.db.withTenant(tenantId, async (tx) => {
    if (!(await holdsStill(tx, connection))) return 'overtaken';
    // A place that our catalogue does not know yet: it is read anew, and the next scan knows it.
    const places = await readLocationsByExternal(
      tx,
      connection.id,
      checked.locationId === null ? [] : [checked.locationId],
    );
    if (checked.locationId !== null && places.size === 0) await addCatalogueSync(tx, connection.id);
    const seen = {
      code,
      weightKg: checked.weightKg,
      product: packages.length === 1 ? (packages[0]!.quants[0]?.productName ?? null) : null,
      locationId: checked.locationId === null ? null : (places.get(checked.locationId)?.id ?? null),
      problem: checked.problem satisfies PalletProblem | null,
    };
    const written = await savePallets(tx, connection.id, [seen], askedAt);
    return written.length > 0 ? 'written' : 'overtaken';
  });
}
