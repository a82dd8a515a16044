import type { OperationSummary } from '../../domain/operation';
import type { SeenPallet } from './db';
import { learnServerTime, serverNow } from './clock';
import { outcomeOf } from './outcome';
import type { PlaceRef, QueuedMove, QueueSession, SendOutcome } from './queue';

/** A slow answer is worth waiting for (the key makes a repeat safe), a dead one is not. */
const sendTimeoutMs = 15_000;
const readTimeoutMs = 5_000;

/** Nobody asked for it just now: it does not keep the session awake. */
const byItself = { headers: { 'nervio-background': '1' } };

async function call(
  path: string,
  options: RequestInit & { timeoutMs?: number } = {},
): Promise<{ response: Response; body: unknown }> {
  const { timeoutMs = readTimeoutMs, headers, ...init } = options;
  const askedAt = Date.now();
  const response = await fetch(`/api/v1${path}`, {
    ...init,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: { accept: 'application/json', 'accept-language': document.documentElement.lang || 'es', ...headers },
    signal: AbortSignal.timeout(timeoutMs),
  });
  learnServerTime(response.headers.get('date'), askedAt, Date.now());
  const body: unknown = await response.json().catch(() => null);
  return { response, body };
}

/** POST /pallet-moves; the item's id is the key and what is sent never changes, so that a repeat is the same command. */
export async function sendMove(move: QueuedMove): Promise<SendOutcome> {
  const { response, body } = await call('/pallet-moves', {
    method: 'POST',
    timeoutMs: sendTimeoutMs,
    headers: { 'content-type': 'application/json', 'idempotency-key': move.id },
    body: JSON.stringify({
      destination: move.destination.id,
      pallets: move.pallets.map(({ code, from }) => ({ code, from })),
      scannedAt: move.scannedAt,
      ...(move.siteId != null && { siteId: move.siteId }),
    }),
  });
  return outcomeOf(response.status, response.headers, body, Date.now());
}

/** Whose session the cookie is now. */
export async function readSession(): Promise<QueueSession | null | 'unreachable'> {
  try {
    const { response, body } = await call('/me', byItself);
    if (response.status === 401) return null;
    const me = body as { id?: string; tenant?: { id?: string } } | null;
    return response.ok && me?.id && me.tenant?.id ? { userId: me.id, tenantId: me.tenant.id } : 'unreachable';
  } catch {
    return 'unreachable';
  }
}

export type PalletAnswer =
  | { kind: 'found'; pallet: SeenPallet; stale: boolean }
  | { kind: 'problem'; code: string }
  | { kind: 'unauthenticated' }
  | { kind: 'unreachable' };

/** The cookie is of another business by now: somebody logged in there in another tab. */
const isForeign = (response: Response, tenantId: string): boolean =>
  (response.headers.get('nervio-tenant') ?? tenantId) !== tenantId;

/** GET /pallets/:code (`again`: nobody scanned it just now): weight and place as Odoo says now, or as last known, marked stale. */
export async function readPallet(code: string, tenantId: string, again = false): Promise<PalletAnswer> {
  try {
    const { response, body } = await call(`/pallets/${encodeURIComponent(code)}`, again ? byItself : {});
    if (response.status === 401 || isForeign(response, tenantId)) return { kind: 'unauthenticated' };
    if (response.ok) {
      const found = body as {
        code: string;
        weightKg: number | string | null;
        product: string | null;
        location: PlaceRef | null;
        asOf: string;
        stale: boolean;
        problem?: string | null;
        pendingOperationId?: string | null;
      };
      const weight = found.weightKg === null ? null : Number(found.weightKg);
      const { product, location, stale, problem = null } = found;
      // Where an open move puts it is true now, however old Odoo's answer is.
      const asOf = found.pendingOperationId ? new Date(serverNow()).toISOString() : found.asOf;
      return { kind: 'found', stale, pallet: { code: found.code, weightKg: weight, product, location, asOf, problem } };
    }
    const problem = (body as { code?: unknown } | null)?.code;
    if (response.status === 404) return { kind: 'problem', code: 'unknown_pallet' };
    if (response.status === 422 && typeof problem === 'string') return { kind: 'problem', code: problem };
    return { kind: 'unreachable' };
  } catch {
    return { kind: 'unreachable' };
  }
}

interface LocationPage {
  items: (PlaceRef & { fullName?: string })[];
  nextCursor?: string | null;
}

/** The whole catalogue of legal destinations, page by page. Throws when a page did not come: half a catalogue is none. */
export async function readLocations(tenantId: string): Promise<PlaceRef[]> {
  const all: LocationPage['items'] = [];
  let cursor: string | null = null;
  do {
    const { response, body } = await call(
      `/locations?limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      byItself,
    );
    if (!response.ok) throw new Error(`locations: ${response.status}`);
    if (isForeign(response, tenantId)) throw new Error('locations: the session is of another tenant');
    const page = body as LocationPage;
    all.push(...page.items);
    cursor = page.nextCursor ?? null;
  } while (cursor !== null);
  return all.map(({ id, name, barcode }) => ({ id, name, barcode }));
}

/** A chamber that is newer than this device's catalogue. */
export async function findLocation(barcode: string, tenantId: string): Promise<PlaceRef | null> {
  try {
    const { response, body } = await call(`/locations?barcode=${encodeURIComponent(barcode)}`);
    if (!response.ok || isForeign(response, tenantId)) return null;
    const [first] = (body as LocationPage).items;
    return first ? { id: first.id, name: first.name, barcode: first.barcode } : null;
  } catch {
    return null;
  }
}

export async function readOperation(id: string): Promise<OperationSummary | null> {
  try {
    const { response, body } = await call(`/operations/${id}`, byItself);
    return response.ok ? (body as OperationSummary) : null;
  } catch {
    return null;
  }
}

/** Asks the server to cancel or undo; true when it took the wish. Each press is a command of its own. */
export async function cancelOperation(id: string): Promise<boolean> {
  try {
    const { response } = await call(`/operations/${id}/cancel`, {
      method: 'POST',
      headers: { 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/json' },
      body: '{}',
    });
    return response.ok;
  } catch {
    return false;
  }
}
