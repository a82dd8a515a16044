/**
 * What must hold when all is quiet again: every acked command has its effect exactly once, Odoo holds exactly what Nervio
 * says, every operation is final or at rest, the outbox is empty, and the other business noticed nothing.
 *
 * @typedef {{id: string, number: number, state: string, outside: string, error: string | null, destination: string, pallets: string[]}} Operation
 * @typedef {{name: string, origin: string, state: string, packages: string[], destination: string | null}} Picking
 * @typedef {object} Snapshot
 * @property {ReadonlyMap<string, {pallets: string[], destination: string}>} acked
 * @property {Operation[]} operations of the business under load, by number
 * @property {Picking[]} pickings of its Odoo
 * @property {Record<string, string | null>} places of the pallets in Odoo now
 * @property {Record<string, string | null>} before where they were at first
 * @property {number} outbox rows
 * @property {number} deadlocks that PostgreSQL had to break since it was started
 * @property {string} other everything of the other business, as one text
 * @property {string} otherBefore
 *
 * @typedef {'lost' | 'doubled' | 'stuck' | 'left open' | 'misplaced' | 'oversold' | 'refused wrongly' | 'leaked' | 'unexplained'} Wrong
 * @typedef {{what: Wrong, operationId?: string, text: string}} Violation
 */

/** A person is asked rightly: a newer scan came first, or a cancel before it left the pallet there already. */
const FAIR_QUESTIONS = ['superseded_scan', 'same_location'];
const isUndo = (/** @type {Picking} */ picking) => picking.name.endsWith('-U');
const isOpen = (/** @type {Picking} */ picking) => picking.state !== 'done' && picking.state !== 'cancel';

/** @param {Snapshot} snapshot @returns {Violation[]} */
export function violations(snapshot) {
  /** @type {Violation[]} */
  const found = [];
  const known = new Set(snapshot.operations.map(({ id }) => id));
  for (const id of snapshot.acked.keys())
    if (!known.has(id)) found.push({ what: 'lost', operationId: id, text: 'answered 202 and not there' });
  for (const operation of snapshot.operations) {
    const { id } = operation;
    if (!snapshot.acked.has(id)) found.push({ what: 'doubled', operationId: id, text: 'there and never answered' });
    const pickings = snapshot.pickings.filter(({ origin }) => origin === id);
    found.push(...ofOperation(operation, pickings).map((one) => ({ ...one, operationId: id })));
  }
  found.push(...ofPlaces(snapshot));
  if (snapshot.outbox > 0) found.push({ what: 'stuck', text: `${snapshot.outbox} rows left in the outbox` });
  if (snapshot.deadlocks > 0)
    found.push({ what: 'unexplained', text: `${snapshot.deadlocks} deadlocks in PostgreSQL` });
  if (snapshot.other !== snapshot.otherBefore) found.push({ what: 'leaked', text: 'the other business has changed' });
  return found;
}

/** @param {Operation} operation @param {Picking[]} pickings @returns {Violation[]} */
function ofOperation(operation, pickings) {
  /** @type {Violation[]} */
  const found = [];
  const moved = pickings.filter((picking) => picking.state === 'done' && !isUndo(picking));
  const undone = pickings.filter((picking) => picking.state === 'done' && isUndo(picking));
  const left = moved.length - undone.length;
  for (const picking of pickings.filter(isOpen))
    found.push({ what: 'left open', text: `${operation.state}, and ${picking.name} is ${picking.state} in Odoo` });
  switch (operation.state) {
    case 'synced': {
      if (left < 1) found.push({ what: 'lost', text: 'synced without a transfer in Odoo' });
      if (moved.length > 1) found.push({ what: 'doubled', text: `${moved.length} transfers in Odoo` });
      const [picking] = moved;
      if (picking && !sameMove(operation, picking))
        found.push({ what: 'misplaced', text: `${picking.name} moved other pallets or elsewhere` });
      break;
    }
    case 'compensated':
    case 'cancelled':
      if (left !== 0) found.push({ what: 'doubled', text: `${operation.state}, and its effect is in Odoo` });
      break;
    case 'needs_attention':
      if (left !== 0 || operation.outside !== 'none')
        found.push({ what: 'left open', text: `at rest with ${operation.outside} left in Odoo (${operation.error})` });
      else if (!FAIR_QUESTIONS.includes(operation.error ?? ''))
        found.push({ what: 'unexplained', text: `asks a person: ${operation.error}` });
      break;
    default:
      found.push({ what: 'stuck', text: `still ${operation.state}` });
  }
  return found;
}

/** @param {Operation} operation @param {Picking} picking */
const sameMove = (operation, picking) =>
  picking.destination === operation.destination &&
  [...picking.packages].sort().join() === [...operation.pallets].sort().join();

/** Lanes keep the order of acceptance, so the last synced move of a pallet says where it is. @param {Snapshot} snapshot @returns {Violation[]} */
function ofPlaces({ operations, places, before }) {
  /** @type {Map<string, string | null>} */
  const expected = new Map(Object.entries(before));
  for (const operation of [...operations].sort((a, b) => a.number - b.number))
    if (operation.state === 'synced') for (const code of operation.pallets) expected.set(code, operation.destination);
  return [...expected].flatMap(([code, place]) =>
    places[code] === place
      ? []
      : [/** @type {Violation} */ ({ what: 'misplaced', text: `${code} is in ${places[code]}, Nervio says ${place}` })],
  );
}
