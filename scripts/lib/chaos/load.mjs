import { randomUUID } from 'node:crypto';

/**
 * People who move pallets. Who gets no answer sends the same request with the same key again, until it is answered.
 *
 * @typedef {{operationId: string, pallets: string[], destination: string}} Acked
 */

const PASSWORD = 'nervio-demo';
const PEOPLE = ['bodega@demo.test', 'encargada@demo.test', 'admin@demo.test'];
export const CHAMBERS = ['CAM-01', 'CAM-02', 'CAM-03', 'CAM-04', 'CAM-05', 'CAM-06'];
/** They share these, so that moves meet in lanes. The demo has 360 good ones. */
export const PALLETS = Array.from({ length: 24 }, (_, index) => `PACK${String(1234 + index).padStart(7, '0')}`);
const ANSWER_MS = 6_000;
const GIVE_UP_MS = 120_000;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Load {
  /** Every command that was answered 202. @type {Map<string, Acked>} */
  acked = new Map();
  /** Keys that were answered with more than one operation. @type {string[]} */
  doubled = [];
  /** Requests that got no answer in two minutes. @type {string[]} */
  unanswered = [];
  /** Answers that must not be: a 5xx is repeated, a 4xx that nobody earned is not. @type {string[]} */
  odd = [];
  refused = 0;
  repeats = 0;
  /** How far the clocks of the devices are off at most. */
  skewMs = 0;
  #sent = 0;
  /** @type {Map<string, string>} */
  #tokens = new Map();
  /** @type {Map<string, string>} */
  #answers = new Map();

  /** @param {string[]} urls of the APIs; requests and their repeats go to each in turn, as a proxy sends them */
  constructor(urls) {
    this.urls = urls;
  }

  #url() {
    return this.urls[this.#sent++ % this.urls.length];
  }

  /** One round of work: each person moves pallets, now and then cancels one. @param {import('./random.mjs').Random} random @param {number} moves each */
  async work(random, moves) {
    await Promise.all(PEOPLE.map((person, index) => this.#shift(person, random.fork(index), moves)));
  }

  /** The same request many times at once. @param {import('./random.mjs').Random} random @param {number} times */
  async storm(random, times) {
    const key = `storm-${random.next()}-${randomUUID()}`;
    const move = this.#newMove(random);
    await Promise.all(Array.from({ length: times }, () => this.#move(random.pick(PEOPLE.slice(0, 1)), key, move)));
  }

  /** @param {string} person @param {import('./random.mjs').Random} random @param {number} moves */
  async #shift(person, random, moves) {
    /** @type {Promise<void>[]} */
    const cancels = [];
    for (let count = 0; count < moves; count++) {
      const operationId = await this.#move(person, randomUUID(), this.#newMove(random));
      const pause = random.between(20, 300);
      const cancels_ = random.next() < 0.12;
      if (operationId && cancels_) cancels.push(this.#cancelLater(person, operationId, random.between(0, 1500)));
      await wait(pause);
    }
    await Promise.all(cancels);
  }

  /** @param {import('./random.mjs').Random} random */
  #newMove(random) {
    const scannedAt = new Date(Date.now() + (this.skewMs && random.between(-this.skewMs, this.skewMs))).toISOString();
    const pallets = random.shuffle(PALLETS).slice(0, random.next() < 0.25 ? 2 : 1);
    return { destination: random.pick(CHAMBERS), pallets, scannedAt };
  }

  /** @param {string} person @param {string} key @param {{destination: string, pallets: string[], scannedAt: string}} move */
  async #move(person, key, move) {
    const answer = await this.#send(person, '/api/v1/pallet-moves', key, move);
    if (answer?.status !== 202) return undefined;
    const operationId = String(answer.body.operationId);
    const before = this.#answers.get(key);
    if (before !== undefined && before !== operationId) this.doubled.push(`${key}: ${before} and ${operationId}`);
    this.#answers.set(key, operationId);
    this.acked.set(operationId, { operationId, pallets: move.pallets, destination: move.destination });
    return operationId;
  }

  /** @param {string} person @param {string} operationId @param {number} ms */
  async #cancelLater(person, operationId, ms) {
    await wait(ms);
    await this.#send(person, `/api/v1/operations/${operationId}/cancel`, randomUUID(), undefined);
  }

  /**
   * @param {string} person @param {string} path @param {string} key @param {object | undefined} body
   * @returns {Promise<{status: number, body: Record<string, unknown>} | undefined>} undefined when it was never answered
   */
  async #send(person, path, key, body) {
    for (const end = Date.now() + GIVE_UP_MS; Date.now() < end; this.repeats++) {
      try {
        const token = this.#tokens.get(person) ?? (await this.#logIn(person));
        const answer = await fetch(this.#url() + path, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'idempotency-key': key,
            ...(body && { 'content-type': 'application/json' }),
          },
          ...(body && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        const told = /** @type {Record<string, unknown>} */ (await answer.json());
        if (answer.status === 202) return { status: 202, body: told };
        if (answer.status === 401) this.#tokens.delete(person);
        else if (answer.status === 422) {
          this.refused++;
          return { status: 422, body: told };
        } else if (answer.status < 500 && answer.status !== 429 && told.code !== 'command_in_progress') {
          this.odd.push(`${path}: ${answer.status} ${String(told.code)}`);
          return { status: answer.status, body: told };
        }
      } catch {
        // No answer, or half of one: whether it was carried out is unknown, and the key makes it safe to ask again.
      }
      await wait(250);
    }
    this.unanswered.push(`${path} ${key}`);
    return undefined;
  }

  /** @param {string} email */
  async #logIn(email) {
    const answer = await fetch(`${this.#url()}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) throw new Error(`log-in: ${answer.status}`);
    const { accessToken } = /** @type {{accessToken: string}} */ (await answer.json());
    this.#tokens.set(email, accessToken);
    return accessToken;
  }
}
