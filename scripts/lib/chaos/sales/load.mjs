import { randomUUID } from 'node:crypto';
import { Plain } from '../../say.mjs';
import { Customers } from './customers.mjs';

/**
 * Customers who come at a fixed rate, whatever the tills answer. Each round brings in some of what is scarce, which is sold out
 * before the round ends.
 *
 * @typedef {{sku: string, price: number}} Article
 * @typedef {{saleId: string, operationId: string, mailTo: string | undefined}} Sold
 * @typedef {{sku: string, wanted: number}} Refusal
 * @typedef {{siteId: string, registerId: string}} Till
 * @typedef {{lines: {sku: string, quantity: number}[], mailTo: string | undefined, body: object}} NewSale
 * @typedef {{there: number, buyers: number, bought: number, told: number}} Rush people who want one piece each of the same article
 */

const CASHIER = 'caja@demo.test';
const MANAGER = 'encargada@demo.test';
/** Articles that never run out, and those that do in the middle of a round. */
const PLENTY = { articles: 8, each: 2_000_000 };
const SCARCE = { articles: 2, each: 120 };
/** Nobody sells it but in a rush. */
const RUSHED = 1;
/** One sale in so many asks for its receipt by mail. */
const MAILED = 40;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class SalesLoad {
  /** Every sale that was answered 201. @type {Map<string, Sold>} */
  acked = new Map();
  /** Those of this round. @type {Map<string, Sold>} */
  fresh = new Map();
  /** Keys that were answered with more than one sale. @type {string[]} */
  doubled = [];
  /** Who was told in this round that there is not enough. @type {Refusal[]} */
  refusals = [];
  /** Of this round. @type {Rush[]} */
  rushes = [];
  refused = 0;
  /** @type {Article[]} */
  articles = [];
  /** @type {Article | undefined} */
  rushed;
  /** @type {Till[]} */
  tills = [];

  /** @param {string[]} urls of the APIs @param {number} rate sales a second */
  constructor(urls, rate) {
    this.customers = new Customers(urls);
    this.rate = rate;
  }

  get odd() {
    return this.customers.odd;
  }

  get unanswered() {
    return this.customers.unanswered;
  }

  get repeats() {
    return this.customers.repeats;
  }

  /** Opens the tills of a store and brings in what never runs out. @param {import('pg').Pool} pool */
  async open(pool) {
    const { rows: tills } = await pool.query(
      `SELECT r.id AS "registerId", r.site_id AS "siteId" FROM register r JOIN tenant t ON t.id = r.tenant_id AND t.slug = 'demo'
       WHERE r.site_id = (SELECT site_id FROM register WHERE tenant_id = t.id ORDER BY site_id LIMIT 1) ORDER BY r.name`,
    );
    this.tills = tills;
    for (const { registerId } of this.tills)
      await this.customers.mustDo(CASHIER, `/api/v1/registers/${registerId}/open`, { float: 0 });
    const { rows } = await pool.query(
      `SELECT v.sku, coalesce(p.price, v.price)::int AS price, l.on_hand::text AS there FROM variant v
       JOIN tenant t ON t.id = v.tenant_id AND t.slug = 'demo'
       JOIN product d ON d.tenant_id = v.tenant_id AND d.id = v.product_id AND d.unit = 'unit' AND d.withdrawn_at IS NULL
       JOIN stock_level l ON l.tenant_id = v.tenant_id AND l.variant_id = v.id AND l.site_id = $1
       LEFT JOIN site_price p ON p.tenant_id = v.tenant_id AND p.variant_id = v.id AND p.site_id = l.site_id
       WHERE v.active ORDER BY v.sku LIMIT $2`,
      [this.tills[0]?.siteId, PLENTY.articles + SCARCE.articles + RUSHED],
    );
    if (rows.length < PLENTY.articles + SCARCE.articles + RUSHED) throw new Plain('The demo has too few articles.');
    const { there, ...rushed } = rows.pop();
    this.rushed = rushed;
    this.articles = rows.map(({ sku, price }) => ({ sku, price }));
    if (Number(there) > 0) {
      const none = { siteId: this.tills[0]?.siteId, sku: rushed.sku, quantity: `-${there}`, reason: 'Agotado' };
      await this.customers.mustDo(MANAGER, '/api/v1/stock/adjustments', none);
    }
    await this.#bringIn(this.articles.slice(0, PLENTY.articles), PLENTY.each);
  }

  /** Sells for so long, at the rate. @param {import('../random.mjs').Random} random @param {number} ms */
  async work(random, ms) {
    await this.#bringIn(this.articles.slice(PLENTY.articles), SCARCE.each);
    const began = performance.now();
    /** @type {Promise<void>[]} */
    const sales = [];
    for (let count = 0; ; count++) {
      const due = (count * 1000) / this.rate;
      if (due >= ms) break;
      const early = due - (performance.now() - began);
      if (early > 1) await wait(early);
      sales.push(this.#sell(random));
    }
    await Promise.all(sales);
  }

  /** The same sale many times at once. @param {import('../random.mjs').Random} random @param {number} times */
  async storm(random, times) {
    const key = randomUUID();
    const sale = this.#newSale(random);
    await Promise.all(Array.from({ length: times }, () => this.#send(key, sale)));
  }

  /** Many want one each of what is there a few times. @param {number} buyers @param {number} there pieces */
  async rush(buyers, there) {
    const article = this.rushed;
    const [till] = this.tills;
    if (!article || !till) throw new Plain('There is nothing to rush for.');
    await this.#bringIn([article], there);
    const { sku, price } = article;
    /** @type {Rush} */
    const rush = { there, buyers, bought: 0, told: 0 };
    this.rushes.push(rush);
    const payments = [{ method: 'card', amount: price }];
    const sale = {
      lines: [{ sku, quantity: 1 }],
      mailTo: undefined,
      body: { ...till, lines: [{ sku, quantity: '1' }], payments },
    };
    const answers = await Promise.all(Array.from({ length: buyers }, () => this.#send(randomUUID(), sale, true)));
    rush.bought = answers.filter((status) => status === 201).length;
    rush.told = answers.filter((status) => status === 409).length;
  }

  /** What was told in this round was looked at. */
  endRound() {
    this.fresh.clear();
    this.refusals.length = 0;
    this.rushes.length = 0;
    this.#answers.clear();
  }

  /** Sale by key, of this round. @type {Map<string, string>} */
  #answers = new Map();

  /** @param {Article[]} articles @param {number} each */
  async #bringIn(articles, each) {
    const lines = articles.map(({ sku }) => ({ sku, quantity: String(each), unitCost: 100 }));
    await this.customers.mustDo(MANAGER, '/api/v1/stock/entries', { siteId: this.tills[0]?.siteId, lines });
  }

  /** @param {import('../random.mjs').Random} random @returns {NewSale} */
  #newSale(random) {
    const lines = random
      .shuffle(this.articles)
      .slice(0, random.between(1, 3))
      .map(({ sku, price }) => ({ sku, price, quantity: random.between(1, 2) }));
    const total = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
    const mailTo = random.between(1, MAILED) === 1 ? `cliente${random.between(1, 999)}@compras.test` : undefined;
    return {
      lines,
      mailTo,
      body: {
        ...random.pick(this.tills),
        lines: lines.map(({ sku, quantity }) => ({ sku, quantity: String(quantity) })),
        payments: [{ method: 'card', amount: total }],
        ...(mailTo && { customer: { email: mailTo } }),
      },
    };
  }

  /** @param {import('../random.mjs').Random} random */
  async #sell(random) {
    await this.#send(randomUUID(), this.#newSale(random));
  }

  /**
   * @param {string} key @param {NewSale} sale @param {boolean} [inRush] who is told then is counted there
   * @returns {Promise<number | undefined>} the status that it was answered with
   */
  async #send(key, { body, lines, mailTo }, inRush = false) {
    const answer = await this.customers.ask(CASHIER, '/api/v1/sales', key, body);
    if (!answer) return undefined;
    if (answer.status === 409) {
      this.refused++;
      const short = inRush ? [] : /** @type {{sku: string}[]} */ (answer.body.lines ?? []);
      for (const { sku } of short)
        this.refusals.push({ sku, wanted: lines.find((line) => line.sku === sku)?.quantity ?? 0 });
      return 409;
    }
    const [saleId, operationId] = [String(answer.body.saleId), String(answer.body.operationId)];
    const before = this.#answers.get(key);
    if (before !== undefined && before !== saleId) this.doubled.push(`${key}: ${before} and ${saleId}`);
    this.#answers.set(key, saleId);
    const sold = { saleId, operationId, mailTo };
    this.acked.set(saleId, sold);
    this.fresh.set(saleId, sold);
    return answer.status;
  }
}
