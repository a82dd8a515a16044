import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { Redis } from 'ioredis';
import pino from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { probeOnce } from '../../activities/connections/watch';
import { FailureInterceptor } from '../../activities/failures';
import type { ReceiptActivities } from '../../activities/settle-sales/receipts';
import type { MovePalletsActivities } from '../../activities/move-pallets/activities';
import type { StockUpkeepActivities } from '../../activities/stock-upkeep';
import { createMailClients } from '../../activities/mail-clients';
import type { ProductActivities } from '../../activities/products/activities';
import { createOdooClients, type OdooClients } from '../../activities/odoo-clients';
import type { ApiDeps } from '../../api/deps';
import { cancelOperation, retryOperation } from '../../api/operations/commands';
import { acceptPalletMove, type PalletMoveInput } from '../../api/pallets/commands';
import type { OdooTimeouts } from '../../connectors/odoo/config';
import type { Actor } from '../../domain/access';
import type { OperationState, RetryChoice } from '../../domain/operation';
import { liveQueues, type TaskQueue } from '../../domain/kinds';
import { simulatedLogin, startMailSimulator, type MailSimulator } from '../../simulators/mail/server';
import { startOdooSimulator, type OdooSimulator } from '../../simulators/odoo/server';
import { readConnection } from '../../store/connections';
import { createDatabase, type Database, type EndedOperation } from '../../store/db';
import { findLocation } from '../../store/locations';
import { createOperationMetrics } from '../../store/operation-metrics';
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
  undoRounds: 2,
  wakeMs: 300,
  // Longer than a busy machine leaves a worker alone.
  heartbeatMs: 10_000,
};

export interface FlowOptions {
  /** Which of the simulator's databases: demo = 18, demo17, demo16. */
  odooDatabase?: string;
  timing?: Partial<Timing>;
  timeouts?: Partial<OdooTimeouts>;
  /** Leave out the workers or the dispatcher, for tests that start and kill their own. */
  without?: ('workers' | 'dispatcher')[];
  /** A Temporal that nobody has told our search attributes. */
  newTemporal?: boolean;
  /** With a mail server of the business. */
  mail?: true;
}

/** Acceptance to Odoo on real PostgreSQL and a real Temporal server; only Odoo is the simulator. */
export interface Flow {
  database: TestDatabase;
  db: Database;
  business: TestBusiness;
  odoo: OdooSimulator;
  odooDatabase: string;
  connectionId: string;
  /** The mail server's stand-in, where there is one, and its connection. */
  mail: MailSimulator | null;
  mailConnectionId: string;
  temporal: TestWorkflowEnvironment;
  dispatcher: Dispatcher;
  /** What came to its end or to rest, as the metrics hear of it. */
  ended: EndedOperation[];
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
  /** One probe of each connection, as the watcher makes it. */
  watch(): Promise<void>;
  /** Our id of a place by its barcode. */
  locationId(barcode: string): Promise<string>;
  /** Barcode of the place where the simulator has a pallet. */
  placeOf(code: string): string;
  /**
   * From now on Odoo does what it is asked by calls of this method (all, when none is named) but keeps the answers, until
   * its mode is set again: what happens meanwhile happens between two steps of a move, however busy the machine is.
   */
  hold(method?: 'create' | 'action_confirm' | 'button_validate' | 'action_cancel' | 'search_read'): void;
  /** Waits until Odoo keeps the answers of so many such calls, or more; one unless told. */
  untilHeld(count?: number): Promise<void>;
  /** Our pickings for an operation in Odoo. */
  pickings(id: string): { name: string; state: string; packages: string[]; destination: string }[];
  /**
   * What happens when the activity's next execution has done its work, before its answer is sent. When it throws, the
   * answer is lost, as with a worker that dies there.
   */
  beforeAnswer(
    activity:
      keyof MovePalletsActivities | keyof ReceiptActivities | keyof StockUpkeepActivities | keyof ProductActivities,
    happens: () => Promise<void>,
  ): void;
  /** Keeps the history of a workflow, or of an operation's, for test/replay; does nothing unless RECORD_HISTORIES=1. */
  record(name: string, of: string | { workflowId: string }): Promise<void>;
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
        searchAttributes: options.newTemporal ? [] : Object.values(searchAttributes),
      },
    }),
    startOdooSimulator({ port: 0, delays: 'off' }),
  ]);
  const log = pino({ level: process.env.FLOW_LOG ?? 'silent' });
  const dispatchers = new Set<Dispatcher>();
  const metrics = createOperationMetrics(new Registry());
  const ended: EndedOperation[] = [];
  const db = createDatabase({
    url: database.appUrl,
    onHint: (hint) => {
      if (hint.topic === 'outbox') for (const each of dispatchers) each.hint();
    },
    onEnded: (operation) => ended.push(operation),
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
  const redis = new Redis(requireEnv('NERVIO_TEST_REDIS_URL'));
  const mailClients = createMailClients({ secrets, timeouts: { connectMs: 10_000, answerMs: 10_000 } });
  const mail = options.mail ? await startMailSimulator({ smtpPort: 0, httpPort: 0 }) : null;
  const mailConnectionId = uuidv7();
  if (mail) {
    await database.query(
      `INSERT INTO connection (tenant_id, id, kind, name, settings, secret) VALUES ($1, $2, 'mail', 'Correo', $3, $4)`,
      [
        business.tenantId,
        mailConnectionId,
        { url: mail.smtpUrl, database: 'tienda@demo.test', login: simulatedLogin.user },
        secrets.seal(simulatedLogin.pass, { tenantId: business.tenantId, connectionId: mailConnectionId }),
      ],
    );
  }
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
  const beforeAnswer = new Map<string, () => Promise<void>>();
  const activities = (queue: TaskQueue, stopping: AbortSignal): object =>
    activitiesOf(queue, { db, redis, odoo: clients, mail: mailClients, client: temporal.client, metrics, stopping });
  const startWorker = async (queue: TaskQueue): Promise<RunningWorker> => {
    const stopping = new AbortController();
    const worker = await Worker.create({
      connection: temporal.nativeConnection,
      taskQueue: queue,
      workflowBundle: { codePath: join(rootDir, 'dist', 'workflow-bundle.js') },
      activities: activities(queue, stopping.signal),
      interceptors: {
        activity: [
          () => ({ inbound: new FailureInterceptor() }),
          ({ info }) => ({
            inbound: {
              async execute(input, next) {
                const answer = await next(input);
                const happens = beforeAnswer.get(info.activityType);
                beforeAnswer.delete(info.activityType);
                await happens?.();
                return answer;
              },
            },
          }),
        ],
      },
      maxCachedWorkflows: 50,
      shutdownForceTime: '2s',
    });
    const run = worker.run();
    const handle: RunningWorker = {
      worker,
      async stop() {
        running.delete(handle);
        stopping.abort();
        worker.shutdown();
        await run;
      },
    };
    running.add(handle);
    return handle;
  };
  if (!options.without?.includes('workers')) {
    await Promise.all(liveQueues.map((queue) => startWorker(queue)));
  }
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
  const catalogue = activities('system', new AbortController().signal);
  await readCatalogue(catalogue, { tenantId: business.tenantId, connectionId }, temporal);

  const flow: Flow = {
    database,
    db,
    business,
    odoo,
    odooDatabase,
    connectionId,
    mail,
    mailConnectionId,
    temporal,
    dispatcher,
    ended,
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
      const outside = { odoo: clients, mail: mailClients };
      await probeOnce(db, outside, { tenantId: business.tenantId, connectionId });
      if (mail) await probeOnce(db, outside, { tenantId: business.tenantId, connectionId: mailConnectionId });
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
    hold(method) {
      odoo.control({ mode: 'hold', ...(method !== undefined && { method: `stock.picking.${method}` }) });
    },
    async untilHeld(count = 1) {
      await eventually(
        () => odoo.state().held.length,
        (held) => held >= count,
        (held) => `${held} answers are held`,
      );
    },
    beforeAnswer: (activity, happens) => void beforeAnswer.set(activity, happens),
    async record(name, of) {
      if (process.env.RECORD_HISTORIES !== '1') return;
      const { workflowId } = typeof of === 'string' ? await flow.read(of) : of;
      // The command line's JSON is what ops would download; the SDK's own converter does not work inside Jest's realm.
      const { stdout } = await promisify(execFile)(
        requireEnv('NERVIO_TEMPORAL_BIN'),
        ['workflow', 'show', '--workflow-id', workflowId!, '--output', 'json', '--address', temporal.address],
        { maxBuffer: 16 * 1024 * 1024 },
      );
      // Stack traces name the checkout that they come from; a recording is the same in every one.
      const recorded = stdout.replaceAll(join(rootDir, '/'), '');
      await writeFile(join(rootDir, 'test', 'replay', 'histories', `${name}.json`), recorded);
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
      mailClients.close();
      redis.disconnect();
      await mail?.close();
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
