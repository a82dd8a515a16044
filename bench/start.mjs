import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/lib/ports.mjs';
import { modulePath, root } from '../scripts/lib/paths.mjs';
import { line } from '../scripts/lib/say.mjs';

/** What the copy does without: its data is its own, and packages are linked. */
const left = new Set(['node_modules', '.git', '.nervio', 'coverage']);

/**
 * The second `npm start` until the page answers, in a copy of this checkout (one start runs in a checkout at a time, and
 * this one may be in use) on free ports, with the data that the first start left.
 * @param {{quick: boolean, versions: Record<string, string>}} options
 */
export async function benchStart({ quick, versions }) {
  const copy = mkdtempSync(join(tmpdir(), 'nervio-bench-start-'));
  chmodSync(copy, 0o755);
  try {
    for (const name of readdirSync(root)) {
      if (!left.has(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(modulePath(''), join(copy, 'node_modules'));
    const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'REDIS_PORT', 'ODOO_SIM_PORT'];
    /** @type {Record<string, string>} */
    const ports = {};
    for (const name of names) ports[name] = String(await freePort());
    const first = await start(copy, ports);
    const times = [];
    for (let run = 1; run <= (quick ? 1 : 3); run++) times.push(await start(copy, ports));
    const sorted = [...times].sort((a, b) => a - b);
    const text = (/** @type {number | undefined} */ ms) => `${((ms ?? NaN) / 1000).toFixed(1)} s`;
    line(
      `\n- versions: Node ${versions.Node}, PostgreSQL ${versions.PostgreSQL}, Temporal server ${versions['Temporal server']}`,
    );
    line('\n| | until the page answers | goal |');
    line('|---|---|---|');
    line(`| first start (packages, servers and build there, no data) | ${text(first)} | |`);
    line(
      `| second start, median of ${times.length} (least … most) | ${text(sorted[sorted.length >> 1])} (${text(sorted[0])} … ${text(sorted.at(-1))}) | ≤ 10 s |`,
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** One `npm start` until /login answers 200, then Ctrl-C. @param {string} dir @param {Record<string, string>} ports @returns {Promise<number>} ms */
async function start(dir, ports) {
  const began = Date.now();
  const child = spawn('npm', ['start'], {
    cwd: dir,
    env: { ...process.env, ...ports, PUBLIC_URL: `http://localhost:${ports.PORT}` },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-4000)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  let running = true;
  void ended.then(() => (running = false));
  try {
    for (;;) {
      if (!running) throw new Error(`npm start ended:\n${output}`);
      if (Date.now() - began > 180_000) throw new Error(`the page does not answer:\n${output}`);
      const answer = await fetch(`http://localhost:${ports.PORT}/login`, { signal: AbortSignal.timeout(2000) }).catch(
        () => null,
      );
      if (answer?.ok) return Date.now() - began;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    if (running && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}
