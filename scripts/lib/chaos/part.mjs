import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, gone, isAlive, signal, startedAt } from '../proc.mjs';
import { tail } from '../logs.mjs';
import { Plain } from '../say.mjs';

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A process of the stack that is killed, frozen and started again at will. One that ends by itself comes back, as under any supervisor. */
export class Part {
  /** @type {import('../wards.mjs').Ward | undefined} */
  #ward;
  /** Of the process that runs now: did we make it end? */
  #life = { meant: true };
  #closed = false;
  /** How often it ended without being told to. */
  crashes = 0;
  /** How, each time, with the end of its log; taken by whoever tells. @type {string[]} */
  ends = [];

  /** @param {import('../supervisor.mjs').Spec} spec @param {string} logs @param {(message: object) => void} tellGuard */
  constructor(spec, logs, tellGuard) {
    this.spec = spec;
    this.log = join(logs, `${spec.name}.log`);
    this.tellGuard = tellGuard;
  }

  /** Starts it and waits until it is ready. */
  async start() {
    await this.#spawn();
    await this.ready();
  }

  async ready() {
    const end = Date.now() + 90_000;
    while (!(await this.spec.ready())) {
      if (Date.now() > end || this.#closed)
        throw new Plain(`${this.spec.name} is not ready.`, [...tail(this.log, 12, 0), `Its log: ${this.log}`]);
      await wait(50);
    }
  }

  /** Ends it at once and waits until it is gone. @param {NodeJS.Signals} [how] */
  async kill(how = 'SIGKILL') {
    this.#life.meant = true;
    const ward = this.#ward;
    if (!ward) return;
    signal(ward, how);
    signal(ward, 'SIGCONT');
    if (await gone([ward], 15_000)) return;
    signal(ward, 'SIGKILL');
    await gone([ward], 5_000);
  }

  /** With all that it has begun, as when the machine loses power. */
  async killTree() {
    this.#life.meant = true;
    const tree = this.#tree();
    for (const one of tree) signal(one, 'SIGKILL');
    await gone(tree, 15_000);
  }

  /** With its children: PostgreSQL answers by them. */
  freeze() {
    for (const one of this.#tree()) signal(one, 'SIGSTOP');
  }

  thaw() {
    for (const one of this.#tree()) signal(one, 'SIGCONT');
  }

  #tree() {
    return this.#ward ? [this.#ward, ...childrenOf(this.#ward.pid)] : [];
  }

  async close() {
    this.#closed = true;
    await this.kill(this.spec.stop ?? 'SIGTERM');
  }

  async #spawn() {
    const { name, turn, stop = 'SIGTERM', last = 'SIGKILL', stopMs = 8000 } = this.spec;
    const { command, args, ...options } = await this.spec.launch();
    const log = openSync(this.log, 'a');
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const life = { meant: false };
    this.#life = life;
    child.once('error', (error) => process.stderr.write(`${name}: ${error.message}\n`));
    if (child.pid === undefined) return;
    const { pid } = child;
    this.#ward = { pid, started: startedAt(pid), name, turn, stop, last, stopMs };
    this.tellGuard({ add: this.#ward });
    child.once('exit', (code, signalled) => {
      this.tellGuard({ drop: pid });
      if (life.meant || this.#closed) return;
      this.crashes++;
      this.ends.push(
        [`${name} ended by itself (${signalled ?? `code ${code}`})`, ...tail(this.log, 5)].join('\n       '),
      );
      void this.#comeBack();
    });
  }

  async #comeBack() {
    await wait(500);
    if (this.#closed || this.#life.meant || (this.#ward && isAlive(this.#ward))) return;
    await this.#spawn();
  }
}
