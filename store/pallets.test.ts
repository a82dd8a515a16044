import { startCore, type Core } from '../test/support/core';
import { eventually } from '../test/support/eventually';
import type { Tx } from './db';
import { expirePallets, savePallets } from './pallets';

let core: Core;
const codes = ['R-1', 'R-2', 'R-3'];
const seen = (code: string) => ({ code, weightKg: 1, product: null, locationId: null, problem: null });
beforeAll(async () => {
  core = await startCore();
  await core.tx((tx) => savePallets(tx, core.connectionId, codes.map(seen)));
});
afterAll(() => core.close());

/** Two ends, or an end and a scan, of the same pallets at once must not wait for each other in a circle. */
it.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['an end', (tx) => expirePallets(tx, core.connectionId, [...codes].reverse(), null)],
  ['a scan', (tx) => savePallets(tx, core.connectionId, [...codes].reverse().map(seen))],
])('rows of pallets are locked in the order of their codes by %s', async (_, write) => {
  let free: () => void = () => undefined;
  const mayEnd = new Promise<void>((resolve) => (free = resolve));
  let held: () => void = () => undefined;
  const isHeld = new Promise<void>((resolve) => (held = resolve));
  const holding = core.tx(async (tx) => {
    await tx.query(`SELECT code FROM pallet WHERE code = 'R-2' FOR UPDATE`);
    held();
    await mayEnd;
  });
  await isHeld;
  const writing = core.tx(write);
  try {
    await eventually(
      () =>
        core.database.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        ),
      (rows) => rows.length === 1,
    );
    // The first is locked, the second is waited for, the last is not touched yet.
    expect(await core.database.query('SELECT code FROM pallet ORDER BY code FOR UPDATE SKIP LOCKED')).toEqual([
      { code: 'R-3' },
    ]);
  } finally {
    free();
    await holding;
    await writing;
  }
});
