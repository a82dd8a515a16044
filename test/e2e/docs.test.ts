import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { buildTestApp, type TestApp } from '../support/app';
import { launchArguments } from '../support/browser';
import { requireEnv } from '../support/environment';

let t: TestApp;
let browser: Browser;
beforeAll(async () => {
  t = await buildTestApp();
  await t.app.listen({ host: '127.0.0.1', port: 0 });
  browser = await chromium.launch({ executablePath: requireEnv('NERVIO_CHROMIUM_BIN'), args: launchArguments });
});
afterAll(async () => {
  await browser.close();
  await t.close();
});

describe('the documentation of the API', () => {
  it('shows its routes, and its own policy refuses nothing of it', async () => {
    const page = await browser.newPage();
    // A bound for what hangs: on a busy machine the documentation is long in being drawn.
    page.setDefaultTimeout(60_000);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}/docs`);
    await page.locator('.opblock', { hasText: '/api/v1/pallet-moves' }).first().click();
    await page.getByText('Idempotency-Key', { exact: false }).first().waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });
});
