/**
 * What must hold when all is quiet again: acked = recorded = settled, the ledger says what the levels say and what the sales
 * say, nothing was sold that was not there, nobody was refused wrongly, and each receipt that was asked for arrived.
 *
 * @typedef {import('../check.mjs').Violation} Violation
 * @typedef {object} SalesSnapshot
 * @property {ReadonlyMap<string, import('./load.mjs').Sold>} acked in this round, by sale
 * @property {number} ackedInAll
 * @property {number} recordedInAll
 * @property {readonly import('./load.mjs').Refusal[]} refusals
 * @property {readonly import('./load.mjs').Rush[]} rushes
 * @property {{saleId: string, operationId: string, state: string, error: string | null}[]} sales of this round
 * @property {{sku: string, onHand: number, ledger: number, allowNegative: boolean}[]} levels of what is sold, in whole pieces
 * @property {number} unmatched lines of sales whose movements do not say the same
 * @property {{register: string, sales: number, next: number}[]} counters of the tills
 * @property {ReadonlyMap<string, string>} mails sale by the id of its mail
 * @property {ReadonlySet<string>} arrived ids of mails in the inbox
 * @property {number} outbox rows
 * @property {number} deadlocks that PostgreSQL had to break
 * @property {readonly string[]} ends processes that ended without being told to
 */

/** @param {SalesSnapshot} snapshot @returns {Violation[]} */
export function salesViolations(snapshot) {
  const { acked, sales, levels, refusals, counters, mails, arrived } = snapshot;
  /** @type {Violation[]} */
  const found = [];
  const mailed = new Set(mails.values());
  const known = new Map(sales.map((sale) => [sale.saleId, sale]));
  for (const { saleId, operationId, mailTo } of acked.values()) {
    if (known.get(saleId)?.operationId !== operationId)
      found.push({ what: 'lost', operationId, text: `sale ${saleId} was answered 201 and is not there` });
    else if (mailTo !== undefined && !mailed.has(saleId))
      found.push({ what: 'lost', operationId, text: `sale ${saleId} has no receipt for ${mailTo}` });
  }
  for (const { saleId, operationId, state, error } of sales) {
    if (state !== 'synced') found.push({ what: 'stuck', operationId, text: `${state}${error ? ` (${error})` : ''}` });
    else if (!acked.has(saleId))
      found.push({ what: 'doubled', operationId, text: `sale ${saleId} was never answered` });
  }
  if (found.length === 0 && snapshot.ackedInAll !== snapshot.recordedInAll)
    found.push({ what: 'lost', text: `${snapshot.ackedInAll} acked in all, ${snapshot.recordedInAll} recorded` });
  for (const { sku, onHand, ledger, allowNegative } of levels) {
    if (onHand !== ledger) found.push({ what: 'misplaced', text: `${sku}: level ${onHand}, ledger ${ledger}` });
    if (onHand < 0 && !allowNegative) found.push({ what: 'oversold', text: `${sku}: ${onHand}` });
  }
  // Nothing comes in once a round has begun: what is there at its end was there when it was refused.
  const left = new Map(levels.map(({ sku, onHand }) => [sku, onHand]));
  for (const sku of new Set(refusals.map((one) => one.sku))) {
    const least = Math.min(...refusals.filter((one) => one.sku === sku).map(({ wanted }) => wanted));
    const there = left.get(sku) ?? 0;
    if (there >= least)
      found.push({ what: 'refused wrongly', text: `${sku}: ${least} refused, and ${there} are there` });
  }
  for (const { there, buyers, bought, told } of snapshot.rushes) {
    if (bought > there) found.push({ what: 'oversold', text: `${buyers} wanted ${there}: ${bought} have one` });
    else if (bought < Math.min(there, buyers) || bought + told < buyers)
      found.push({ what: 'refused wrongly', text: `${buyers} wanted ${there}: ${bought} have one, ${told} were told` });
  }
  for (const { register, sales: made, next } of counters)
    if (next !== made + 1)
      found.push({ what: 'misplaced', text: `till ${register}: ${made} sales, next number ${next}` });
  for (const [mailId, saleId] of mails)
    if (!arrived.has(mailId))
      found.push({ what: 'lost', text: `the receipt ${mailId} of sale ${saleId} did not arrive` });
  if (snapshot.unmatched > 0)
    found.push({ what: 'misplaced', text: `${snapshot.unmatched} lines without the movement that belongs to them` });
  if (snapshot.outbox > 0) found.push({ what: 'stuck', text: `${snapshot.outbox} rows left in the outbox` });
  if (snapshot.deadlocks > 0)
    found.push({ what: 'unexplained', text: `${snapshot.deadlocks} deadlocks in PostgreSQL` });
  for (const text of snapshot.ends) found.push({ what: 'unexplained', text });
  return found;
}
