import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { freePort } from '../../scripts/lib/ports.mjs';
import { rootDir } from '../../store/root';
import { testPassword } from './business';
import { requireEnv, testSecret } from './environment';
import { eventually } from './eventually';
import { type Flow, type FlowOptions, startFlow } from './flow';

/** A real Chromium before the real app: API process, PostgreSQL, Redis, Temporal, workers; only Odoo is the simulator. */
export interface BrowserApp {
  flow: Flow;
  url: string;
  browser: Browser;
  /** A fresh device: its own cookies, storage and service worker. Phone-sized unless told otherwise. */
  device(options?: BrowserContextOptions): Promise<Device>;
  /** Closes every device of a test, for `afterEach`. @throws what went wrong in their pages */
  closeDevices(): Promise<void>;
  close(): Promise<void>;
}

export interface Device {
  context: BrowserContext;
  page: Page;
  /** What went wrong in the page without anybody seeing it: script errors and refusals of the content security policy. */
  faults: string[];
}

export const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1440, height: 900 };

/** Starts everything; `npm test` has built dist/ before. */
export async function startBrowserApp(options: FlowOptions = {}): Promise<BrowserApp> {
  const flow = await startFlow(options);
  const port = await freePort();
  const objects = await mkdtemp(join(tmpdir(), 'nervio-objects-'));
  const url = `http://localhost:${port}`;
  const api = spawn(process.execPath, [join(rootDir, 'dist', 'api', 'server.js')], {
    cwd: rootDir,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NERVIO_SECRET: testSecret,
      DATABASE_URL: flow.database.ownerUrl,
      REDIS_URL: requireEnv('NERVIO_TEST_REDIS_URL'),
      TEMPORAL_ADDRESS: flow.temporal.address,
      ODOO_URL: flow.odoo.url,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      LOG_LEVEL: 'error',
      NERVIO_OBJECTS_DIR: objects,
      RATE_LIMIT_ANONYMOUS: '100000',
    },
  });
  const browser = await chromium.launch({
    executablePath: process.env['NERVIO_CHROMIUM_BIN'] ?? '/usr/bin/chromium',
    args: launchArguments,
  });
  const answers = (): Promise<boolean> =>
    fetch(`${url}/livez`).then(
      (response) => response.ok,
      () => false,
    );
  let devices: Device[] = [];
  const app: BrowserApp = {
    flow,
    url,
    browser,
    async device(more) {
      const device = await newDevice(browser, url, more);
      devices.push(device);
      return device;
    },
    async closeDevices() {
      const used = devices;
      devices = [];
      const faults = used.flatMap((device) => device.faults);
      for (const { context } of used) await closeContext(context);
      if (faults.length > 0) throw new Error(`Unseen, in the page: ${faults.join('\n')}`);
    },
    async close() {
      await browser.close();
      await stopped(api);
      await rm(objects, { recursive: true });
      await flow.close();
    },
  };
  try {
    await eventually(
      answers,
      (up) => up || api.exitCode !== null,
      () => 'the API does not answer',
      240_000,
    );
    if (api.exitCode !== null) throw new Error(`the API ended at its start, with ${api.exitCode}`);
  } catch (error) {
    // Left running it would take from the next file what this one lacked.
    await app.close();
    throw error;
  }
  return app;
}

async function newDevice(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Device> {
  const context = await browser.newContext({
    baseURL,
    viewport: phone,
    locale: 'es-CL',
    timezoneId: 'America/Santiago',
    ...options,
  });
  // A bound for what hangs, not for what a busy machine keeps waiting.
  context.setDefaultTimeout(60_000);
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('console', (message) => {
    if (/Content Security Policy|hydrat|Minified React error/i.test(message.text())) faults.push(message.text());
  });
  return { context, page: await context.newPage(), faults };
}

async function closeContext(context: BrowserContext): Promise<void> {
  // A handler of a route that is still under way when its page goes would reject after its test, and fail all tests of the
  // file. What it answers is of no interest any more, and what it has held back must not happen now.
  await context.setOffline(true);
  for (const target of [context, ...context.pages()]) await target.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
}

/**
 * Logs in by the form, as a person does; resolves on the first screen of the role. The form works before its page is awake
 * too: then the browser sends it.
 */
export async function logIn(page: Page, user: { email: string }, password = testPassword): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Correo electrónico').fill(user.email);
  await page.getByLabel('Contraseña', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
  await untilAwake(page);
}

/**
 * Resolves when the page's script runs and has heard of the server: what the server rendered can be seen before, but only
 * links and forms do something.
 */
export async function untilAwake(page: Page): Promise<void> {
  await page.locator('[data-online=true]').first().waitFor();
}

/** Goes to a screen of somebody who is logged in, to work there. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await untilAwake(page);
}

/** Resolves when the picking screen would open without the network. */
export async function untilOfflineReady(page: Page): Promise<void> {
  // As text: these files are checked without the types of a browser. Not waitForFunction: it does not wait for promises.
  const shell = `caches.match('/picking', { cacheName: 'nervio-shell' }).then((copy) => copy !== undefined)`;
  const places = `indexedDB.databases().then((all) => all.some(({ name }) => name === 'nervio') && new Promise((resolve) => {
    const open = indexedDB.open('nervio');
    open.onerror = () => resolve(false);
    open.onsuccess = () => {
      const count = open.result.transaction('location').objectStore('location').count();
      count.onsuccess = () => {
        open.result.close();
        resolve(count.result > 0);
      };
    };
  }))`;
  for (const what of [shell, places]) {
    await eventually(
      () => page.evaluate<boolean>(what),
      Boolean,
      () => `not yet: ${what}`,
    );
  }
}

/** What a Spanish keyboard layout makes of the keys of a wedge that believes in a US keyboard. */
const spanishLayout: Record<string, string> = { '-': "'", '/': '-', "'": '´' };

export interface Wedge {
  /** From key to key. */
  gapMs: number;
  end: 'Enter' | 'Tab';
  layout: 'us' | 'es';
}

/**
 * Sends codes as a hardware scanner does: trusted key events at its own pace, to whatever has the focus. The keys of one code
 * are sent together, each with the time at which it goes down: a test that is held up between two of them would be a scanner
 * that falls silent within a code.
 */
export async function scanCodes(page: Page, codes: readonly string[], wedge: Partial<Wedge> = {}): Promise<void> {
  const { gapMs = 8, end = 'Enter', layout = 'us' } = wedge;
  const session = await page.context().newCDPSession(page);
  for (const code of codes) {
    const began = Date.now();
    const keys = [
      ...[...code].map((character) => keyOf(character, layout)),
      { key: end, code: end as string, shift: false },
    ];
    const sent = keys.flatMap(({ key, code: place, shift }, at) => {
      const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
      const common = {
        // In seconds.
        timestamp: (began + at * gapMs) / 1000,
        key,
        code: place,
        modifiers: shift ? 8 : 0,
        windowsVirtualKeyCode: key === 'Enter' ? 13 : key === 'Tab' ? 9 : key.toUpperCase().charCodeAt(0),
      };
      return [
        session.send('Input.dispatchKeyEvent', {
          type: text === undefined ? 'rawKeyDown' : 'keyDown',
          ...common,
          ...(text !== undefined && { text }),
        }),
        session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common }),
      ];
    });
    // The scanner's own pace, not a wait for something to happen.
    await Promise.all([...sent, new Promise((resolve) => setTimeout(resolve, keys.length * gapMs))]);
  }
  await session.detach();
}

function keyOf(character: string, layout: Wedge['layout']): { key: string; code: string; shift: boolean } {
  const key = layout === 'es' ? (spanishLayout[character] ?? character) : character;
  if (/[A-Z]/.test(character)) return { key, code: `Key${character}`, shift: true };
  if (/[a-z]/.test(character)) return { key, code: `Key${character.toUpperCase()}`, shift: false };
  if (/\d/.test(character)) return { key, code: `Digit${character}`, shift: false };
  if (character === '-') return { key, code: 'Minus', shift: false };
  throw new Error(`No key for «${character}» on this wedge`);
}

async function stopped(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  process.kill('SIGTERM');
  await once(process, 'exit');
}
