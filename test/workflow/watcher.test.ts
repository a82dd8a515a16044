import { v7 as uuidv7 } from 'uuid';
import { createSecretBox } from '../../store/secrets';
import { ensureWatchers } from '../../temporal/watchers';
import { testSecret } from '../support/environment';
import { eventually } from '../support/eventually';
import { startFlow, type Flow } from '../support/flow';

/** The watcher of a connection as the workflow that it is, with short pauses. */
let flow: Flow;
beforeAll(async () => {
  flow = await startFlow();
});
afterAll(() => flow.close());
beforeEach(() => flow.odoo.control({ mode: 'ok' }));

/** A further connection to the same Odoo, on which nothing hangs. */
async function connect(): Promise<{ tenantId: string; connectionId: string }> {
  const connection = { tenantId: flow.business.tenantId, connectionId: uuidv7() };
  await flow.database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret)
     SELECT tenant_id, $1, kind, 'Otro Odoo', settings, $3 FROM connection WHERE id = $2`,
    [
      connection.connectionId,
      flow.connectionId,
      createSecretBox(testSecret).seal('nervio-demo-key', { ...connection }),
    ],
  );
  return connection;
}
const disconnect = (id: string) => flow.database.query('DELETE FROM connection WHERE id = $1', [id]);
const stateOf = async (id: string) =>
  (await flow.database.query<{ state: string }>('SELECT state FROM connection WHERE id = $1', [id]))[0]?.state;
const until = (id: string, state: string) =>
  eventually(
    () => stateOf(id),
    (seen) => seen === state,
  );
const handleOf = (connectionId: string) => flow.temporal.client.workflow.getHandle(`watch-${connectionId}`);
const runOf = async (connectionId: string) => (await handleOf(connectionId).describe()).runId;

describe('the watcher of a connection', () => {
  it('opens its circuit and closes it, wakes what waited, and ends with the connection', async () => {
    const own = { tenantId: flow.business.tenantId, connectionId: flow.connectionId };
    const other = await connect();
    await ensureWatchers(flow.temporal.client, [own, other], { everyMs: 20, forMs: 200 });
    for (const { connectionId } of [own, other]) await until(connectionId, 'up');
    flow.odoo.control({ mode: 'down' });
    for (const { connectionId } of [own, other]) await until(connectionId, 'down');
    const code = 'PACK0001240';
    const destination = flow.placeOf(code) === 'CAM-01' ? 'CAM-02' : 'CAM-01';
    const id = await flow.move([code], destination);
    await flow.until(id, 'waiting');
    flow.odoo.control({ mode: 'ok' });
    await flow.until(id, 'synced');
    expect(flow.placeOf(code)).toBe(destination);
    await until(other.connectionId, 'up');
    await disconnect(other.connectionId);
    await handleOf(other.connectionId).result();
    await flow.record('watch-connection', { workflowId: `watch-${other.connectionId}` });
    await handleOf(own.connectionId).terminate();
  });

  it('is one, however often it is asked for', async () => {
    const connection = await connect();
    const ask = () => ensureWatchers(flow.temporal.client, [connection], { everyMs: 20, forMs: 60_000 });
    await ask();
    const run = await runOf(connection.connectionId);
    await Promise.all([ask(), ask()]);
    expect(await runOf(connection.connectionId)).toBe(run);
    await disconnect(connection.connectionId);
    await handleOf(connection.connectionId).result();
  });

  it('begins anew before its history is long, and goes on', async () => {
    const connection = await connect();
    await ensureWatchers(flow.temporal.client, [connection], { everyMs: 1, forMs: 1 });
    const first = await runOf(connection.connectionId);
    await eventually(
      () => runOf(connection.connectionId),
      (run) => run !== first,
      () => 'it is the same run',
      90_000,
    );
    flow.odoo.control({ mode: 'down' });
    await until(connection.connectionId, 'down');
    await disconnect(connection.connectionId);
    await handleOf(connection.connectionId).result();
  }, 120_000);
});
