import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import pino from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { probeOnce } from '../../activities/connections/watch';
import { FailureInterceptor } from '../../activities/failures';
import { createOdooClients, type OdooClients } from '../../activities/odoo-clients';
import type { ApiDeps } from '../../api/deps';
import { cancelOperation, retryOperation } from '../../api/operations/commands';
import { acceptPalletMove, type PalletMoveInput } from '../../api/pallets/commands';
import type { OdooTimeouts } from '../../connectors/odoo/config';
import type { Actor } from '../../domain/access';
import type { OperationState, RetryChoice } from '../../domain/operation';
import type { TaskQueue } from '../../domain/kinds';
import { startOdooSimulator, type OdooSimulator } from '../../simulators/odoo/server';
import { readConnection } from '../../store/connections';
import { createDatabase, type Database } from '../../store/db';
import { findLocation } from '../../store/locations';
import { readOperationDetail } from '../../store/operation-views';
import { rootDir } from '../../store/root';
import { createSecretBox } from '../../store/secrets';
import { activitiesOf } from '../../temporal/activities';
import { Dispatcher, defaultDispatcherOptions } from '../../temporal/dispatch';
import { searchAttributes } from '../../temporal/search-attributes';
import { defaultTiming, type Timing } from '../../workflows/profiles';
import { createBusiness, type TestBusiness } from './business';
import { createTestDatabase, type TestDatabase } from './database';
import { requireEnv, testSecret } from './environment';
import { eventually } from './eventually';

/** Short pauses, so that a test of «3 retries, then waiting» takes a blink. */
export const quickTiming: Timing = {
  ...defaultTiming,
  retryInitialMs: 20,
  undoInitialMs: 20,
  undoMaximumMs: 100,
  undoAttempts: 4,
  heartbeatMs: 3_000,
};

export interface FlowOptions {
  /** Which of the simulator's databases: demo = 18, demo17, demo16. */
  odooDatabase?: string;
  timing?: Partial<Timing>;
  timeouts?: Partial<OdooTimeouts>;
  /** Leave out the workers or the dispatcher, for tests that start and kill their own. */
  without?: ('workers' | 'dispatcher')[];
}

/** Acceptance to Odoo on real PostgreSQL and a real Temporal server; only Odoo is the simulator. */
export interface Flow {
  database: TestDatabase;
  db: Database;
  business: TestBusiness;
  odoo: OdooSimulator;
  odooDatabase: string;
  connectionId: string;
  temporal: TestWorkflowEnvironment;
  dispatcher: Dispatcher;
  actor: Actor;
  /** What the use cases need of the API's parts. */
  deps: ApiDeps;
  startWorker(queue: TaskQueue, name?: string): Promise<RunningWorker>;
  newDispatcher(): Dispatcher;
  move(
    pallets: PalletMoveInput['pallets'],
    destination: string,
    more?: Partial<PalletMoveInput> & { key?: string },
  ): Promise<string>;
  retry(id: string, choice?: RetryChoice): Promise<string>;
  cancel(id: string): Promise<void>;
  read(id: string): Promise<NonNullable<Awaited<ReturnType<typeof readOperationDetail>>>>;
  until(id: string, ...states: OperationState[]): Promise<Awaited<ReturnType<Flow['read']>>>;
  /** Waits for a line of the timeline. */
  untilStep(id: string, code: string): Promise<void>;
  connectionState(): Promise<string>;
  /** One probe of the connection, as the watcher makes it. */
  watch(): Promise<void>;
  /** Our id of a place by its barcode. */
  locationId(barcode: string): Promise<string>;
  /** Barcode of the place where the simulator has a pallet. */
  placeOf(code: string): string;
  /** Our pickings for an operation in Odoo. */
  pickings(id: string): { name: string; state: string; packages: string[]; destination: string }[];
  /** Keeps the history of an operation's workflow for test/replay; does nothing unless RECORD_HISTORIES=1. */
  record(name: string, id: string): Promise<void>;
  close(): Promise<void>;
}

export interface RunningWorker {
  worker: Worker;
  stop(): Promise<void>;
}

export async function startFlow(options: FlowOptions = {}): Promise<Flow> {
  const odooDatabase = options.odooDatabase ?? 'demo';
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const [database, temporal, odoo] = await Promise.all([
    createTestDatabase(),
    TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: requireEnv('NERVIO_TEMPORAL_BIN') },
        searchAttributes: Object.values(searchAttributes),
      },
    }),
    startOdooSimulator({ port: 0, delays: 'off' }),
  ]);
  const log = pino({ level: process.env.FLOW_LOG ?? 'silent' });
  const dispatchers = new Set<Dispatcher>();
  const db = createDatabase({
    url: database.appUrl,
    onHint: (hint) => {
      if (hint.topic === 'outbox') for (const each of dispatchers) each.hint();
    },
  });
  const business = await createBusiness(database, 'demo');
  const secrets = createSecretBox(testSecret);
  const connectionId = uuidv7();
  await database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret) VALUES ($1, $2, 'odoo', 'Odoo', $3, $4)`,
    [
      business.tenantId,
      connectionId,
      // The database's own address: a server has one version, which it tells without being asked about a database.
      { url: `${odoo.url}/${odooDatabase}`, database: odooDatabase, login: 'nervio@demo.test' },
      secrets.seal('nervio-demo-key', { tenantId: business.tenantId, connectionId }),
    ],
  );
  const clients: OdooClients = createOdooClients({
    db,
    secrets,
    ...(options.timeouts && { options: { timeouts: options.timeouts } }),
  });
  const timing: Timing = { ...quickTiming, ...options.timing };
  const newDispatcher = (): Dispatcher => {
    const made = new Dispatcher(
      { db, client: temporal.client, log },
      { ...defaultDispatcherOptions, leaseMs: 2_000, pollMs: 100, extraArgs: [timing] },
    );
    dispatchers.add(made);
    return made;
  };
  const dispatcher = newDispatcher();
  const running = new Set<RunningWorker>();
  const startWorker = async (queue: TaskQueue): Promise<RunningWorker> => {
    const worker = await Worker.create({
      connection: temporal.nativeConnection,
      taskQueue: queue,
      workflowBundle: { codePath: join(rootDir, 'dist', 'workflow-bundle.js') },
      activities: activitiesOf(queue, { db, odoo: clients, client: temporal.client, registry: new Registry() }),
      interceptors: { activity: [() => ({ inbound: new FailureInterceptor() })] },
      maxCachedWorkflows: 50,
      shutdownForceTime: '2s',
    });
    const run = worker.run();
    const handle: RunningWorker = {
      worker,
      async stop() {
        running.delete(handle);
        worker.shutdown();
        await run;
      },
    };
    running.add(handle);
    return handle;
  };
  if (!options.without?.includes('workers')) await Promise.all([startWorker('pallets'), startWorker('system')]);
  if (!options.without?.includes('dispatcher')) dispatcher.start();

  const user = business.users.warehouse;
  const actor: Actor = {
    tenantId: business.tenantId,
    userId: user.id,
    name: 'Bodega',
    email: user.email,
    role: 'warehouse',
    siteIds: null,
    locale: 'es',
    sessionId: randomUUID(),
  };
  const deps = { db, log } as unknown as ApiDeps;
  const catalogue = activitiesOf('system', { db, odoo: clients, client: temporal.client, registry: new Registry() });
  await readCatalogue(catalogue, { tenantId: business.tenantId, connectionId }, temporal);

  const flow: Flow = {
    database,
    db,
    business,
    odoo,
    odooDatabase,
    connectionId,
    temporal,
    dispatcher,
    actor,
    deps,
    startWorker,
    newDispatcher,
    async move(pallets, destination, more = {}) {
      const { key = randomUUID(), ...rest } = more;
      const answer = await acceptPalletMove(
        deps,
        actor,
        { destination, pallets, scannedAt: new Date().toISOString(), ...rest },
        key,
      );
      return answer.body.operationId;
    },
    async retry(id, choice) {
      const answer = await retryOperation(deps, actor, id, choice ? { choice } : {}, randomUUID());
      return answer.body.operationId;
    },
    async cancel(id) {
      await cancelOperation(deps, actor, id, randomUUID());
    },
    async read(id) {
      const detail = await db.withTenant(business.tenantId, (tx) => readOperationDetail(tx, id));
      if (!detail) throw new Error(`No operation ${id}`);
      return detail;
    },
    until: (id, ...states) =>
      eventually(
        () => flow.read(id),
        (detail) => states.includes(detail.state),
        (detail) =>
          `operation is ${detail.state} (${JSON.stringify(detail.error)}), wanted ${states.join(' or ')}: ${detail.timeline
            .map((entry) => entry.code)
            .join(' → ')}`,
      ),
    async untilStep(id, code) {
      await eventually(
        () => flow.read(id),
        (detail) => detail.timeline.some((entry) => entry.code === code),
        (detail) => `no ${code} in ${detail.timeline.map((entry) => entry.code).join(' → ')}`,
      );
    },
    async connectionState() {
      const row = await db.withTenant(business.tenantId, (tx) => readConnection(tx, connectionId));
      return row?.state ?? 'gone';
    },
    async watch() {
      await probeOnce(db, clients, { tenantId: business.tenantId, connectionId });
    },
    async locationId(barcode) {
      const row = await db.withTenant(business.tenantId, (tx) => findLocation(tx, connectionId, { barcode }));
      if (!row) throw new Error(`No place ${barcode}`);
      return row.id;
    },
    placeOf(code) {
      const place = odoo.state().databases[odooDatabase]?.packages[code];
      if (place === undefined || place === null) throw new Error(`The simulator has no ${code}`);
      return place;
    },
    async record(name, id) {
      if (process.env.RECORD_HISTORIES !== '1') return;
      const { workflowId } = await flow.read(id);
      // The command line's JSON is what ops would download; the SDK's own converter does not work inside Jest's realm.
      const { stdout } = await promisify(execFile)(
        requireEnv('NERVIO_TEMPORAL_BIN'),
        ['workflow', 'show', '--workflow-id', workflowId!, '--output', 'json', '--address', temporal.address],
        { maxBuffer: 16 * 1024 * 1024 },
      );
      await writeFile(join(rootDir, 'test', 'replay', 'histories', `${name}.json`), stdout);
    },
    pickings: (id) =>
      odoo
        .state()
        .pickings.filter((picking) => picking.origin === id)
        .map(({ name, state, packages, destination }) => ({ name, state, packages, destination: destination ?? '' })),
    async close() {
      for (const each of dispatchers) await each.stop();
      await Promise.all([...running].map((each) => each.stop()));
      await temporal.teardown();
      await odoo.close();
      clients.close();
      await db.close();
      await database.drop();
    },
  };
  return flow;
}

/** Through a workflow, as in production, when there is a worker for it; else the activity by itself. */
async function readCatalogue(
  activities: object,
  connection: { tenantId: string; connectionId: string },
  temporal: TestWorkflowEnvironment,
): Promise<void> {
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    taskQueue: 'arrange',
    workflowBundle: { codePath: join(rootDir, 'dist', 'workflow-bundle.js') },
    activities,
  });
  await worker.runUntil(
    temporal.client.workflow.execute('syncCatalogue', {
      taskQueue: 'arrange',
      workflowId: `arrange-${randomUUID()}`,
      args: [connection],
    }),
  );
}
