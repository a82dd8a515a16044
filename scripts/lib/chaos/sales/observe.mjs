import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the database and the inbox hold, of what came since the last look. */

/** The mail server asked to come again, or nobody knows what it took: half a minute at least, which no round waits for. */
const PUT_OFF = `state = 'waiting' AND error ->> 'code' IN ('mail_busy', 'mail_unknown_outcome')`;
/** Of a row `x` of the outbox. */
const OF_PUT_OFF = `EXISTS (SELECT FROM operation WHERE tenant_id = x.tenant_id AND id = x.operation_id AND ${PUT_OFF})`;
const isPutOff = (/** @type {{state: string, error: string | null}} */ { state, error }) =>
  state === 'waiting' && (error === 'mail_busy' || error === 'mail_unknown_outcome');

const DEMO = `(SELECT id FROM tenant WHERE slug = 'demo')`;

export class SalesObserver {
  /** The database's clock at the last look; nothing was under way then. */
  #since = '-infinity';
  #logRead = 0;
  /** @type {Set<string>} */
  #arrived = new Set();

  /** @param {import('../stack.mjs').Stack} stack @param {import('./load.mjs').SalesLoad} load */
  constructor(stack, load) {
    this.stack = stack;
    this.load = load;
  }

  /** What the load did before the first round is no part of it. */
  async begin() {
    this.#since = await this.#now();
  }

  /** Open operations and rows of the outbox, but for mails that were put off; undefined while PostgreSQL does not answer. */
  async unrest() {
    try {
      const [{ open }] = await this.#ask(
        `SELECT (SELECT count(*) FROM operation WHERE state IN ('pending', 'syncing', 'waiting', 'compensating') AND NOT (${PUT_OFF}))::int
           + (SELECT count(*) FROM outbox x WHERE NOT ${OF_PUT_OFF})::int AS open`,
      );
      return Number(open);
    } catch {
      return undefined; // It is being started.
    }
  }

  /** Of the round. A receipt that was put off counts as arrived until the end, which looks at all of them. */
  async look() {
    const now = await this.#now();
    const snapshot = await this.#observe(this.#since, this.load.fresh);
    this.#since = now;
    const putOff = new Set(snapshot.sales.filter(isPutOff).map(({ saleId }) => saleId));
    const later = [...snapshot.mails].flatMap(([mailId, saleId]) => (putOff.has(saleId) ? [mailId] : []));
    return {
      ...snapshot,
      sales: snapshot.sales.map((sale) => (isPutOff(sale) ? { ...sale, state: 'synced' } : sale)),
      arrived: new Set([...snapshot.arrived, ...later]),
      outbox: snapshot.outbox - snapshot.outboxPutOff,
    };
  }

  /** Of all rounds, from the first sale on. */
  lookAtAll() {
    return this.#observe('-infinity', this.load.acked);
  }

  /**
   * @param {string} since @param {ReadonlyMap<string, import('./load.mjs').Sold>} acked since then
   * @returns {Promise<import('./check.mjs').SalesSnapshot & {outboxPutOff: number}>}
   */
  async #observe(since, acked) {
    const { load, stack } = this;
    const sales = await this.#ask(
      `SELECT s.id AS "saleId", s.operation_id AS "operationId", o.state, o.error ->> 'code' AS error
       FROM sale s JOIN operation o ON o.tenant_id = s.tenant_id AND o.id = s.operation_id
       WHERE s.tenant_id = ${DEMO} AND s.at >= $1`,
      [since],
    );
    const [{ recorded }] = await this.#ask(`SELECT count(*)::int AS recorded FROM sale WHERE tenant_id = ${DEMO}`);
    const levels = await this.#ask(
      `SELECT v.sku, l.on_hand::int AS "onHand", coalesce(sum(m.quantity), 0)::int AS ledger, l.allow_negative AS "allowNegative"
       FROM stock_level l JOIN variant v ON v.tenant_id = l.tenant_id AND v.id = l.variant_id
       LEFT JOIN stock_movement m ON m.tenant_id = l.tenant_id AND m.site_id = l.site_id AND m.variant_id = l.variant_id
       WHERE l.tenant_id = ${DEMO} AND l.site_id = $1 AND v.sku = ANY ($2)
       GROUP BY v.sku, l.on_hand, l.allow_negative`,
      [load.tills[0]?.siteId, [...load.articles, load.rushed].flatMap((article) => article?.sku ?? [])],
    );
    const [{ unmatched }] = await this.#ask(
      `WITH sold AS (
         SELECT l.sale_id AS id, l.variant_id, sum(l.quantity) AS quantity FROM sale s
         JOIN sale_line l ON l.tenant_id = s.tenant_id AND l.sale_id = s.id
         WHERE s.tenant_id = ${DEMO} AND s.at >= $1 GROUP BY 1, 2),
       moved AS (
         SELECT document_id AS id, variant_id, -sum(quantity) AS quantity FROM stock_movement
         WHERE tenant_id = ${DEMO} AND kind = 'sale' AND at >= $1 GROUP BY 1, 2)
       SELECT count(*)::int AS unmatched FROM sold FULL JOIN moved USING (id, variant_id)
       WHERE sold.quantity IS DISTINCT FROM moved.quantity`,
      [since],
    );
    const counters = await this.#ask(
      `SELECT r.name AS register, count(s.id)::int AS sales, r.next_sale_number::int AS next FROM register r
       LEFT JOIN sale s ON s.tenant_id = r.tenant_id AND s.register_id = r.id
       WHERE r.tenant_id = ${DEMO} GROUP BY r.id, r.name, r.next_sale_number`,
    );
    const mails = await this.#ask(
      `SELECT id, sale_id FROM receipt_mail WHERE tenant_id = ${DEMO} AND created_at >= $1`,
      [since],
    );
    const [{ outbox, later }] = await this.#ask(
      `SELECT count(*)::int AS outbox, (count(*) FILTER (WHERE ${OF_PUT_OFF}))::int AS later FROM outbox x`,
    );
    return {
      acked,
      ackedInAll: load.acked.size,
      recordedInAll: recorded,
      refusals: load.refusals,
      rushes: load.rushes,
      sales,
      levels,
      unmatched,
      counters,
      mails: new Map(mails.map((/** @type {{id: string, sale_id: string}} */ row) => [row.id, row.sale_id])),
      arrived: await this.#takeInbox(),
      outbox,
      outboxPutOff: later,
      deadlocks: this.#deadlocks(),
      ends: Object.values(stack.parts).flatMap((part) => part.ends.splice(0)),
    };
  }

  /** Empties the inbox: thousands of mails are no part of what is looked at next. */
  async #takeInbox() {
    const { inboxUrl } = this.stack;
    const answer = await fetch(`${inboxUrl}/_state`, { signal: AbortSignal.timeout(20_000) });
    const { messages } = /** @type {{messages: {messageId: string}[]}} */ (await answer.json());
    const emptied = await fetch(`${inboxUrl}/_control`, { method: 'POST', body: JSON.stringify({ reset: true }) });
    if (!emptied.ok) throw new Error(`the inbox is not emptied: ${await emptied.text()}`);
    for (const { messageId } of messages) this.#arrived.add(messageId.slice(1, messageId.indexOf('@')));
    return this.#arrived;
  }

  /** From its log: its counters begin at zero whenever it was killed. */
  #deadlocks() {
    const file = join(this.stack.logs, 'postgres.log');
    const from = this.#logRead;
    this.#logRead = statSync(file).size;
    return readFileSync(file).subarray(from).toString('utf8').split('deadlock detected').length - 1;
  }

  async #now() {
    const [{ now }] = await this.#ask('SELECT clock_timestamp()::text AS now');
    return String(now);
  }

  /** @param {string} text @param {unknown[]} [values] */
  async #ask(text, values) {
    return (await this.stack.pool.query(text, values)).rows;
  }
}
