import { startCore, type Core } from '../../test/support/core';
import { workflowIdOf } from '../../domain/kinds';
import { createMoveProjections } from './projections';
import type { MoveRun } from './ownership';

let core: Core;
let serial = 0;
const waited: string[] = [];
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());
beforeEach(() => void (waited.length = 0));

const projections = () => createMoveProjections(core.db, { waits: (code) => waited.push(code) });
const trouble = { code: 'odoo_busy', detail: 'busy', wakeAfterMs: 30_000 };
async function taken(): Promise<MoveRun> {
  const operationId = await core.accept([`J-${++serial}`]);
  const workflowId = workflowIdOf('move_pallets', operationId, 1);
  const run = { tenantId: core.business.tenantId, operationId, attempt: 1, workflowId, runId: `run-${serial}` };
  expect(await projections().takeMove(run)).toBe('move');
  return run;
}

describe('repeated after its answer was lost, a projection says the same', () => {
  it('waits', async () => {
    const run = await taken();
    expect(await projections().waitMove(run, trouble)).toBe('wait');
    expect(await projections().waitMove(run, trouble)).toBe('wait');
    expect((await core.timeline(run.operationId)).filter((code) => code === 'waiting')).toHaveLength(1);
    expect(waited).toEqual(['odoo_busy']);
  });

  it('begins to undo', async () => {
    const run = await taken();
    await core.cancel(run.operationId);
    expect(await projections().beginUndo(run)).toBe('undo');
    expect(await projections().beginUndo(run)).toBe('undo');
  });

  it('takes', async () => {
    expect(await projections().takeMove(await taken())).toBe('move');
  });
});

it('of another run, waits for nothing', async () => {
  const run = await taken();
  await projections().waitMove(run, trouble);
  expect(await projections().waitMove({ ...run, runId: 'another' }, trouble)).toBe('stop');
});

describe('an undo of what waits', () => {
  const outside = (id: string, value: string) =>
    core.database.query('UPDATE operation SET outside = $2 WHERE id = $1', [id, value]);

  it.each([
    ['needs no place when nothing is in Odoo', 'none', 'undo', 'compensating'],
    ['needs a place when something may be there', 'maybe', 'wait', 'waiting'],
  ])('%s', async (_, left, next, state) => {
    const run = await taken();
    await outside(run.operationId, left);
    await projections().waitMove(run, trouble);
    await core.cancel(run.operationId);
    expect([await projections().resumeMove(run), (await core.read(run.operationId)).state]).toEqual([next, state]);
  });
});
