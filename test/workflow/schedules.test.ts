import { randomUUID } from 'node:crypto';
import { Caller } from '../../simulators/odoo/testing';
import { schedules } from '../../temporal/schedules';
import { startFlow, type Flow } from '../support/flow';

let flow: Flow;
let admin: Caller;
beforeAll(async () => {
  flow = await startFlow({ without: ['dispatcher'] });
  admin = new Caller(flow.odoo, 'demo', 2, 'admin');
});
afterAll(() => flow.close());
beforeEach(() => flow.odoo.control({ mode: 'ok' }));

/** A round of the schedule. */
const round = (workflowId = `sync-catalogues-${randomUUID()}`): Promise<unknown> =>
  flow.temporal.client.workflow.execute('syncCatalogues', { taskQueue: 'system', workflowId, args: [] });
const place = async (barcode: string) =>
  (
    await flow.database.query<{ id: string; name: string; active: boolean }>(
      'SELECT id, short_name AS name, active FROM location WHERE connection_id = $1 AND barcode = $2',
      [flow.connectionId, barcode],
    )
  )[0] ?? null;
const chamber = async (barcode: string): Promise<number> =>
  (await admin.call('stock.location', 'create', [{ name: barcode, barcode, location_id: 8 }])) as number;
const setCircuit = (state: string) =>
  flow.database.query('UPDATE connection SET state = $1 WHERE id = $2', [state, flow.connectionId]);

describe('what the schedules start', () => {
  it.each(schedules.map(({ workflow, args }) => [workflow, args] as const))(
    '%s is there and ends',
    async (type, args) => {
      const workflowId = `${type}-${randomUUID()}`;
      await flow.temporal.client.workflow.execute(type, {
        taskQueue: 'system',
        workflowId,
        args: [...args],
        workflowExecutionTimeout: '1 minute',
      });
      await flow.record(`schedule-${type}`, { workflowId });
    },
  );

  it.each(['expireStock', 'reconcileStock'] as const)(
    '%s goes on after a worker that died, and leaves it to the next round when it cannot be done',
    async (type) => {
      const run = async (dies: number): Promise<string> => {
        const workflowId = `${type}-${randomUUID()}`;
        const die = (): Promise<void> => {
          if (--dies > 0) flow.beforeAnswer(type, die);
          return Promise.reject(new Error('the worker is gone'));
        };
        flow.beforeAnswer(type, die);
        const end = flow.temporal.client.workflow.execute(type, { taskQueue: 'system', workflowId, args: [] });
        if (dies < 3) await end;
        else await expect(end).rejects.toMatchObject({ name: 'WorkflowFailedError' });
        return workflowId;
      };
      await flow.record(`schedule-${type}-worker-died`, { workflowId: await run(1) });
      await flow.record(`schedule-${type}-failed`, { workflowId: await run(3) });
    },
  );
});

describe('the catalogues, read on a schedule', () => {
  it('get a new place, take an archived and a deleted one away, and bring a restored one back under its id', async () => {
    const [kept, deleted] = [await chamber('NEW-1'), await chamber('NEW-2')];
    expect(await round()).toEqual({ read: 1, failed: 0 });
    const [one, two] = [await place('NEW-1'), await place('NEW-2')];
    expect([one?.active, two?.active]).toEqual([true, true]);

    await admin.call('stock.location', 'write', [[kept], { active: false }]);
    await admin.call('stock.location', 'unlink', [[deleted]]);
    expect(await round()).toEqual({ read: 1, failed: 0 });
    expect(await place('NEW-1')).toEqual({ ...one, active: false });
    expect(await place('NEW-2')).toEqual({ ...two, active: false });

    await admin.call('stock.location', 'write', [[kept], { active: true, name: 'Cámara vuelta' }]);
    await round();
    expect(await place('NEW-1')).toEqual({ id: one!.id, name: 'Cámara vuelta', active: true });
  });

  it('of a connection whose circuit is open are left alone', async () => {
    await chamber('NEW-3');
    await setCircuit('down');
    const calls = JSON.stringify(flow.odoo.state().calls);
    expect(await round()).toEqual({ read: 0, failed: 0 });
    expect(JSON.stringify(flow.odoo.state().calls)).toBe(calls);
    await setCircuit('up');
    const workflowId = `sync-catalogues-${randomUUID()}`;
    expect(await round(workflowId)).toEqual({ read: 1, failed: 0 });
    await flow.record('sync-catalogues', { workflowId });
    expect(await place('NEW-3')).toMatchObject({ active: true });
  });
});
