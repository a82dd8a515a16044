import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { Caller } from './testing';
import type { SimulatorState } from './control/state';

const root = join(__dirname, '..', '..');
let work: string;
let running: ChildProcess | null = null;

/** The process as it is built: compiled beside node_modules, so that its imports resolve. */
beforeAll(() => {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  work = mkdtempSync(join(cache, 'odoo-simulator-'));
  for (const file of readdirSync(__dirname, { recursive: true }).map(String)) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const { code } = transformFileSync(join(__dirname, file), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    const target = join(work, 'built', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
});
afterEach(() => void running?.kill('SIGKILL'));
afterAll(() => rmSync(work, { recursive: true }));

interface Run {
  url: string;
  child: ChildProcess;
}

function launch(env: Record<string, string>): {
  child: ChildProcess;
  line: Promise<string>;
  exit: Promise<number | null>;
} {
  const child = spawn(process.execPath, [join(work, 'built', 'main.js')], {
    env: { ...process.env, ODOO_SIM_PORT: '0', ODOO_SIM_DELAYS: 'off', ODOO_SIM_DATA: join(work, 'data'), ...env },
  });
  running = child;
  const line = new Promise<string>((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(data.toString())));
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, line, exit };
}

async function start(env: Record<string, string> = {}): Promise<Run> {
  const { child, line } = launch(env);
  return { child, url: (JSON.parse(await line) as { url: string }).url };
}

const stop = (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });

test('kill -9 in the middle of changing calls loses no answered call', async () => {
  const answered: string[] = [];
  const { child, url } = await start();
  const user = new Caller({ url });
  const clients = Array.from({ length: 4 }, async (_value, client) => {
    for (let n = 0; ; n += 1) {
      const name = `K-${client}-${n}`;
      await user.transfer(name, `PACK000${1300 + client}`, 'CAM-02');
      answered.push(name);
      if (answered.length === 60) child.kill('SIGKILL');
    }
  });
  const ends = await Promise.allSettled(clients);
  expect(ends.map((end) => end.status)).toEqual(Array(4).fill('rejected'));
  const again = await start();
  const state = (await (await fetch(`${again.url}/_state`)).json()) as SimulatorState;
  const names = new Set(state.pickings.filter((one) => one.db === 'demo').map((one) => one.name));
  expect(answered.length).toBeGreaterThanOrEqual(60);
  expect(answered.filter((name) => !names.has(name))).toEqual([]);
  // What was cut off may have been committed, but at most one call of each client.
  expect(names.size - 1 - answered.length).toBeLessThanOrEqual(4);
  expect(await stop(again.child, 'SIGTERM')).toBe(0);
});

test('SIGTERM stops it cleanly; under a supervisor SIGINT does not', async () => {
  const { child, url } = await start({ NERVIO_SUPERVISED: '1' });
  child.kill('SIGINT');
  expect((await fetch(`${url}/_state`)).status).toBe(200);
  expect(await stop(child, 'SIGTERM')).toBe(0);
});

test('a port in use is one clear line', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const { port } = blocker.address() as { port: number };
  const { line, exit } = launch({ ODOO_SIM_PORT: String(port) });
  const output = await line;
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toContain(`Port ${port} is in use: set ODOO_SIM_PORT to another one`);
  expect(await exit).toBe(1);
  blocker.close();
});

test('a wrong setting is one clear line', async () => {
  const { line, exit } = launch({ ODOO_SIM_DELAYS: 'some' });
  expect(await line).toContain('ODOO_SIM_DELAYS must be recorded or off, not some');
  expect(await exit).toBe(1);
});
