import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { Dispatcher } from '../../temporal/dispatch';
import { type BrowserApp, desktop, type Device, logIn, open, startBrowserApp } from '../support/browser';
import type { TestUser } from '../support/business';

/** What the tests of the operations' screens begin with: a manager before the list of operations, on a fresh device each time. */
export interface OperationsDesk {
  readonly app: BrowserApp;
  readonly context: BrowserContext;
  readonly page: Page;
  manager(): TestUser;
  /** While nobody hands over, what is accepted stays pending. */
  withoutDispatcher(work: () => Promise<void>): Promise<void>;
  /** A pallet of the simulator that no other test of the file touches, and a chamber where it is not. */
  somePallet(): { code: string; chamber: string };
  /** Of an operation, in the list. */
  row(number: number): Locator;
  numberOf(id: string): Promise<number>;
}

/** Starts everything before the tests of a file and makes ready for each of them. */
export function operationsDesk(): OperationsDesk {
  let app: BrowserApp;
  let device: Device;
  let dispatcher: Dispatcher;
  let taken = 0;

  const manager = (): TestUser => app.flow.business.users.manager;

  beforeAll(async () => {
    app = await startBrowserApp();
    dispatcher = app.flow.dispatcher;
  });
  afterAll(() => app?.close());

  beforeEach(async () => {
    device = await app.device({ viewport: desktop, reducedMotion: 'reduce' });
    await logIn(device.page, manager());
    await open(device.page, '/operations');
  });
  afterEach(async () => {
    app.flow.odoo.control({ mode: 'ok' });
    await app.closeDevices();
  });

  return {
    get app() {
      return app;
    },
    get context() {
      return device.context;
    },
    get page() {
      return device.page;
    },
    manager,
    async withoutDispatcher(work) {
      await dispatcher.stop();
      try {
        await work();
      } finally {
        dispatcher = app.flow.newDispatcher();
        dispatcher.start();
      }
    },
    somePallet() {
      const code = `PACK000${1234 + taken++}`;
      return { code, chamber: app.flow.placeOf(code) === 'CAM-01' ? 'CAM-02' : 'CAM-01' };
    },
    row: (number) =>
      device.page
        .getByRole('row')
        .filter({ has: device.page.getByRole('link', { name: `NV-${number}`, exact: true }) }),
    numberOf: async (id) => (await app.flow.read(id)).number,
  };
}
