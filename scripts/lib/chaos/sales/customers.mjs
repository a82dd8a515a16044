import { randomUUID } from 'node:crypto';
import { Plain } from '../../say.mjs';

/** People with a browser: they log in once, and who gets no answer sends the same with the same key again, until there is one. */

const PASSWORD = 'nervio-demo';
/** The longest that somebody looks at a page that does not answer. */
const ANSWER_MS = 6_000;
const GIVE_UP_MS = 120_000;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @typedef {{status: number, body: Record<string, unknown>}} Answer */

export class Customers {
  repeats = 0;
  /** Answers that must not be. @type {string[]} */
  odd = [];
  /** Requests that got no answer in two minutes. @type {string[]} */
  unanswered = [];
  #sent = 0;
  /** @type {Map<string, Promise<string>>} */
  #tokens = new Map();

  /** @param {string[]} urls of the APIs, which requests and their repeats go to in turn */
  constructor(urls) {
    this.urls = urls;
  }

  /** Something that has to be done before people come. @param {string} person @param {string} path @param {object} body */
  async mustDo(person, path, body) {
    const answer = await this.ask(person, path, randomUUID(), body);
    if (answer?.status !== 201) throw new Plain(`${path}: ${JSON.stringify(answer)}`);
  }

  /**
   * @param {string} person @param {string} path @param {string} key @param {object} body
   * @returns {Promise<Answer | undefined>} undefined when there is no answer that counts
   */
  async ask(person, path, key, body) {
    for (const end = Date.now() + GIVE_UP_MS; Date.now() < end; this.repeats++) {
      const url = this.urls[this.#sent++ % this.urls.length];
      try {
        const answer = await fetch(url + path, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await this.#token(person, url)}`,
            'idempotency-key': key,
            'content-type': 'application/json',
          },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        const told = /** @type {Record<string, unknown>} */ (await answer.json());
        if (answer.status === 201 || told.code === 'insufficient_stock') return { status: answer.status, body: told };
        if (answer.status === 401) this.#tokens.delete(person);
        else if (answer.status < 500 && answer.status !== 429 && told.code !== 'command_in_progress') {
          this.odd.push(`${path}: ${answer.status} ${String(told.code)}`);
          return undefined;
        }
      } catch {
        // No answer, or half of one: whether it was carried out is unknown, and the key makes it safe to ask again.
      }
      await wait(250);
    }
    this.unanswered.push(`${path} ${key}`);
    return undefined;
  }

  /** One log-in for all who wait for it. @param {string} email @param {string | undefined} url @returns {Promise<string>} */
  #token(email, url) {
    const known = this.#tokens.get(email);
    if (known) return known;
    const made = logIn(email, url);
    this.#tokens.set(email, made);
    made.catch(() => this.#tokens.delete(email));
    return made;
  }
}

/** @param {string} email @param {string | undefined} url */
async function logIn(email, url) {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new Error(`log-in: ${answer.status}`);
  return /** @type {{accessToken: string}} */ (await answer.json()).accessToken;
}
