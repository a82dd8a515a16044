import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, openSync, closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { announcer, rotate, tail } from './logs.mjs';
import { startedAt } from './proc.mjs';
import { eachLine } from './run.mjs';
import { Plain, line, seconds } from './say.mjs';
import { forgetWard, noteWard, stopInTurns } from './wards.mjs';

/**
 * How to run a program.
 * @typedef {{command: string, args: string[], env?: NodeJS.ProcessEnv, cwd?: string, uid?: number, gid?: number}} Launch
 *
 * A process that is kept running.
 * @typedef {object} Spec
 * @property {string} name also names its log and its run file
 * @property {() => Launch | Promise<Launch>} launch asked before each start
 * @property {() => Promise<boolean>} ready
 * @property {number} turn in which it is stopped, lowest first
 * @property {boolean} [apart] a session of its own: Ctrl-C and a kill of the group do not reach it (databases must outlive their clients)
 * @property {NodeJS.Signals} [stop] SIGTERM
 * @property {NodeJS.Signals} [last] when `stop` did not help; SIGKILL
 * @property {number} [stopMs] how long to wait for `stop`; 8000
 * @property {number} [readyMs] how long to wait for `ready`; 60000
 */

/** Starting was given up because everything is being stopped. */
export class Stopped extends Error {}

const FAILED_STARTS = 3;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A process that ran this long starts again without delay. */
const STEADY_MS = 60_000;
const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits, but keeps nothing alive. */
const atMost = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Starts processes, keeps them running, and stops them in order. A guard process does the latter should we be killed. */
export class Supervisor {
  /** @type {Map<string, Kept>} */
  #kept = new Map();
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #guard;
  stopping = false;

  /** @param {{logs: string, run: string}} folders */
  constructor(folders) {
    this.folders = folders;
  }

  /** Starts a process and waits until it is ready. @param {Spec} spec */
  async start(spec) {
    const kept = new Kept(this, spec);
    this.#kept.set(spec.name, kept);
    await kept.begin();
  }

  /** Runs a program to its end; shows the last lines of its log when it fails. @param {string} name @param {Launch} launch */
  async task(name, launch) {
    const kept = new Kept(this, { name, launch: () => launch, ready: () => Promise.resolve(false), turn: 1 });
    this.#kept.set(name, kept);
    const code = await kept.runOnce();
    this.#kept.delete(name);
    if (this.stopping) throw new Stopped();
    if (code !== '0') throw kept.failure(`${name} failed (${code}).`);
  }

  /** Tells the guard. @param {object} message */
  tellGuard(message) {
    if (!this.#guard) {
      rotate(join(this.folders.logs, 'guard.log'));
      const log = openSync(join(this.folders.logs, 'guard.log'), 'a');
      this.#guard = spawn(process.execPath, [fileURLToPath(new URL('./guard.mjs', import.meta.url))], {
        detached: true,
        stdio: ['pipe', log, log],
      });
      closeSync(log);
      this.#guard.stdin?.on('error', () => undefined); // Killed by somebody: the run files are still there for the next start.
      this.#guard.unref();
    }
    this.#guard.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Stops everything in order. @param {(text: string) => void} [say] */
  async stop(say = line) {
    this.stopping = true;
    await stopInTurns(
      [...this.#kept.values()].flatMap(({ ward }) => (ward ? [ward] : [])),
      say,
    );
    await Promise.all([...this.#kept.values()].map((kept) => Promise.race([kept.ended(), atMost(2000)])));
    if (this.#guard) {
      const ended = new Promise((resolve) => this.#guard?.once('exit', resolve));
      this.#guard.ref(); // From here on we wait for it.
      this.tellGuard({ farewell: true });
      if (this.#guard.exitCode === null && this.#guard.signalCode === null) await Promise.race([ended, atMost(2000)]);
    }
  }

  /** Ends everything at once, without waiting. */
  killAll() {
    this.stopping = true;
    for (const { ward } of this.#kept.values()) {
      if (!ward) continue;
      try {
        process.kill(ward.pid, ward.last);
      } catch {
        // It ended by itself just now.
      }
    }
  }
}

/** One process of the supervisor, through its restarts. */
class Kept {
  /** @type {import('./wards.mjs').Ward | undefined} */
  ward;
  #backoff = FIRST_BACKOFF_MS;
  #logFrom = 0;
  /** How the running process ends: its exit code, or its signal. @type {Promise<string>} */
  #end = Promise.resolve('');
  #running = false;

  /** @param {Supervisor} supervisor @param {Spec} spec */
  constructor(supervisor, spec) {
    this.supervisor = supervisor;
    this.spec = spec;
    this.log = join(supervisor.folders.logs, `${spec.name}.log`);
    this.announce = announcer(spec.name);
    rotate(this.log);
  }

  /** @param {string} message */
  failure(message) {
    const lines = tail(this.log, 12, this.#logFrom);
    return new Plain(message, [
      ...(lines.length > 0 ? ['Its last lines:', ...lines.map((text) => `  ${text}`)] : []),
      `Its log: ${this.log}`,
    ]);
  }

  async begin() {
    for (let failed = 0; ;) {
      await this.#spawn();
      if (await this.#becomesReady()) break;
      if (this.supervisor.stopping) throw new Stopped();
      const how = await this.#end;
      if (++failed >= FAILED_STARTS)
        throw this.failure(`${this.spec.name} does not start: it ended ${failed} times (${how}).`);
      line(
        this.failure(`${this.spec.name} ended while starting (${how}); once more in ${seconds(this.#backoff)}.`)
          .message,
      );
      for (const text of tail(this.log, 3, this.#logFrom)) line(`    ${text}`);
      await this.#delay();
    }
    void this.#keep();
  }

  /** Resolves when its process has ended, its log is complete and its run file is gone. */
  ended() {
    return this.#end;
  }

  /** @returns {Promise<string>} how it ended */
  async runOnce() {
    await this.#spawn();
    return this.#end;
  }

  /** Starts it again whenever it ends, with a growing delay, until everything is stopped. */
  async #keep() {
    for (let since = Date.now(); ;) {
      const how = await this.#end;
      if (this.supervisor.stopping) return;
      if (Date.now() - since > STEADY_MS) this.#backoff = FIRST_BACKOFF_MS;
      const last = tail(this.log, 1, this.#logFrom)[0];
      line(
        `! ${this.spec.name} ended (${how}); started again in ${seconds(this.#backoff)}${last ? `. Its last line: ${last}` : ''}`,
      );
      await this.#delay();
      if (this.supervisor.stopping) return;
      since = Date.now();
      try {
        await this.#spawn();
        if (await this.#becomesReady()) line(`✓ ${this.spec.name} runs again (${seconds(Date.now() - since)})`);
      } catch (error) {
        if (this.supervisor.stopping) return;
        line(`! ${this.spec.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #delay() {
    await wait(this.#backoff);
    this.#backoff = Math.min(this.#backoff * 2, LONGEST_BACKOFF_MS);
  }

  /** @returns {Promise<boolean>} false when it ended before it was ready, or everything is being stopped */
  async #becomesReady() {
    const end = Date.now() + (this.spec.readyMs ?? 60_000);
    while (this.#running && !this.supervisor.stopping) {
      if (await this.spec.ready()) return true;
      if (Date.now() > end)
        throw this.failure(`${this.spec.name} runs, but is not ready after ${seconds(this.spec.readyMs ?? 60_000)}.`);
      await wait(50);
    }
    return false;
  }

  async #spawn() {
    const { name, turn, apart = false, stop = 'SIGTERM', last = 'SIGKILL', stopMs = 8000 } = this.spec;
    const { command, args, ...options } = await this.spec.launch();
    if (this.supervisor.stopping) throw new Stopped();
    this.#logFrom = existsSync(this.log) ? statSync(this.log).size : 0;
    // A database writes its log itself (it may outlive us); of our own processes we also read along.
    const fd = openSync(this.log, 'a');
    const child = spawn(command, args, {
      ...options,
      detached: apart,
      stdio: apart ? ['ignore', fd, fd] : ['ignore', 'pipe', 'pipe'],
    });
    if (apart) {
      closeSync(fd);
    } else {
      for (const stream of [child.stdout, child.stderr]) {
        eachLine(stream, (text) => {
          // At once: whoever hears that the child has ended finds its last line in the log.
          appendFileSync(fd, `${text}\n`);
          this.announce(text);
        });
      }
      child.on('close', () => closeSync(fd));
    }
    this.#running = true;
    this.#end = new Promise((resolve) => {
      /** @param {string} how */
      const ended = (how) => {
        this.#running = false;
        if (this.ward) {
          forgetWard(this.supervisor.folders.run, name);
          this.supervisor.tellGuard({ drop: this.ward.pid });
          this.ward = undefined;
        }
        resolve(how);
      };
      child.once('error', (error) => ended(error.message));
      // 'close' comes after the last line of its output; a grandchild may hold that open, so do not wait for ever.
      child.once('exit', (code, signal) => {
        const how = code === null ? String(signal) : String(code);
        // What had come by then is read first, however late the timer is.
        const timer = setTimeout(() => setImmediate(() => ended(how)), 500);
        child.once('close', () => {
          clearTimeout(timer);
          ended(how);
        });
      });
    });
    if (child.pid === undefined) return;
    this.ward = { pid: child.pid, started: startedAt(child.pid), name, turn, stop, last, stopMs };
    noteWard(this.supervisor.folders.run, this.ward);
    this.supervisor.tellGuard({ add: this.ward });
  }
}
