/**
 * The transfer's name in Odoo: the idempotency key. `stock.picking.name` is unique per company and settable, so only one
 * create with it can ever succeed (recording idem-05-own-name-dup: fault 2 for the second).
 * `effect` rises only after the picking of the current name was read back as cancelled.
 */
export function pickingName(operation: { number: number; id: string; effect: number }): string {
  return `NV-${operation.number}-${shortId(operation.id)}-${operation.effect}`;
}

/** The transfer that brings the pallets back; the next one has a number, once somebody cancelled it in Odoo. */
export function undoName(operation: { number: number; id: string; effect: number; undoEffect: number }): string {
  return `${pickingName(operation)}-U${operation.undoEffect === 1 ? '' : operation.undoEffect}`;
}

// The end of a UUIDv7 is random; its beginning is time and alike for neighbours.
const shortId = (id: string) => id.slice(-8);

/** A picking is ours only if its origin says so. Backorders copy the origin, but never the name. */
export function isOurs(picking: { origin: string | null }, operationId: string): boolean {
  return picking.origin === operationId;
}
