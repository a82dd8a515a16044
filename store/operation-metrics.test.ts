import { Registry } from 'prom-client';
import { createSweepActivities } from '../activities/sweep';
import { startCore, type Core } from '../test/support/core';
import { createOperationMetrics } from './operation-metrics';
import { moveOperation } from './operations';

let core: Core;
let serial = 0;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());
beforeEach(() => void (core.ended.length = 0));

const accept = () => core.accept([`M-${++serial}`]);
const told = () => core.ended.map(({ state, errorCode }) => [state, errorCode]);
async function taken(): Promise<string> {
  const id = await accept();
  await core.take(id);
  return id;
}

describe('the end of an operation is counted once, after its commit', () => {
  it('synced by its workflow, with the time since it was accepted', async () => {
    const id = await taken();
    const before = performance.now();
    await core.database.query(`UPDATE operation SET created_at = now() - interval '90 seconds' WHERE id = $1`, [id]);
    await core.move(id, { to: 'waiting' });
    await core.move(id, { to: 'syncing' });
    await core.move(id, { to: 'synced' });
    expect(core.ended).toEqual([
      { kind: 'move_pallets', state: 'synced', seconds: expect.any(Number) as number, errorCode: null },
    ]);
    const took = (performance.now() - before) / 1000;
    const { seconds } = core.ended[0]!;
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThanOrEqual(90 + took);
  });

  it('cancelled by a person', async () => {
    await core.cancel(await accept());
    expect(told()).toEqual([['cancelled', null]]);
  });

  it('replaced by the good pallets alone', async () => {
    const id = await core.accept(['M-good', 'M-bad']);
    await core.take(id);
    await core.move(id, { to: 'needs_attention', error: { code: 'unknown_pallet' } });
    await core.database.query(`UPDATE pallet_move_line SET problem = 'unknown_pallet' WHERE code = 'M-bad'`);
    await core.retry(id, 'others');
    expect(told()).toEqual([
      ['needs_attention', 'unknown_pallet'],
      ['cancelled', null],
    ]);
  });

  it('stopped by a person in the console', async () => {
    await taken();
    await createSweepActivities({
      db: core.db,
      describe: () => Promise.resolve('terminated'),
      ensureWatched: () => Promise.resolve(),
    }).sweep({ quietMs: 0 });
    expect(told()).toEqual([['needs_attention', 'stopped_by_person']]);
  });

  it('not when the transaction is not committed, and once when it is repeated', async () => {
    const id = await taken();
    const lost = new Error('the commit was lost');
    const end = (fails: boolean) =>
      core.tx(async (tx) => {
        await moveOperation(tx, id, { to: 'synced', code: 'synced' });
        if (fails) throw lost;
      });
    await expect(end(true)).rejects.toBe(lost);
    expect(told()).toEqual([]);
    await end(false);
    await end(false);
    expect(told()).toEqual([['synced', null]]);
  });
});

it('what is counted: ends by state, the time of what was synced, errors by code', async () => {
  const registry = new Registry();
  const metrics = createOperationMetrics(registry);
  const ended = { kind: 'move_pallets', seconds: 3, errorCode: null } as const;
  metrics.ended({ ...ended, state: 'synced' });
  metrics.ended({ ...ended, state: 'cancelled' });
  metrics.ended({ ...ended, state: 'needs_attention', errorCode: 'start_refused' });
  metrics.waits('odoo_busy');
  const text = await registry.metrics();
  for (const line of [
    'picking_operations_total{state="synced"} 1',
    'picking_operations_total{state="cancelled"} 1',
    'picking_operations_total{state="needs_attention"} 1',
    'picking_operation_duration_seconds_count 1',
    'picking_operation_duration_seconds_sum 3',
    'picking_errors_total{code="start_refused"} 1',
    'picking_errors_total{code="odoo_busy"} 1',
  ])
    expect(text.split('\n')).toContain(line);
});
