import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { createCatalogueActivities, type CatalogueActivities } from '../../activities/connections/catalogue';
import { createMovePalletsActivities, type MovePalletsActivities } from '../../activities/move-pallets/activities';
import type { MoveRun } from '../../activities/move-pallets/ownership';
import { createOdooClients, type OdooClients } from '../../activities/odoo-clients';
import type { ApiDeps } from '../../api/deps';
import { workflowIdOf } from '../../domain/kinds';
import { startOdooSimulator, type OdooSimulator } from '../../simulators/odoo/server';
import { Caller } from '../../simulators/odoo/testing';
import { createOperationMetrics } from '../../store/operation-metrics';
import { createSecretBox } from '../../store/secrets';
import { buildTestApp, type TestApp } from './app';
import { testSecret } from './environment';

/** The whole API beside an Odoo (the simulator) whose catalogue was read; no Temporal: a test takes each step itself. */
export interface PickingApp extends TestApp {
  odoo: OdooSimulator;
  connectionId: string;
  clients: OdooClients;
  catalogue: CatalogueActivities;
  moves: MovePalletsActivities;
  /** Of a warehouse worker. */
  worker: { authorization: string };
  /** Odoo's administrator. */
  admin: Caller;
  /** Inside an activity's context. */
  within<T>(work: () => Promise<T>): Promise<T>;
  /** Our id of a place by its barcode. */
  place(barcode: string): Promise<string>;
  scan(code: string): Promise<ScanAnswer>;
  /** Sends a move; returns its operation. */
  send(pallets: unknown[], destination: string, more?: object): Promise<string>;
  cancel(operationId: string): Promise<void>;
  /** Hands an operation over, as the workflow's first activity does. */
  take(operationId: string): Promise<MoveRun>;
  /** Forgets when Odoo was asked: the next scan asks again. */
  forget(code: string): Promise<void>;
  setCircuit(state: string): Promise<void>;
}

export interface ScanAnswer {
  status: number;
  code?: string;
  weightKg?: number | null;
  location?: { id: string; name: string; barcode: string | null } | null;
  problem?: string | null;
  pendingOperationId?: string | null;
  asOf?: string;
  stale?: boolean;
}

/** @param adapt puts itself between the API and what it works with */
export async function buildPickingApp(adapt?: (deps: ApiDeps) => ApiDeps): Promise<PickingApp> {
  const odoo = await startOdooSimulator({ port: 0, delays: 'off' });
  const app = await buildTestApp(adapt ? { adapt } : {});
  const { database, demo, deps, call } = app;
  const { db } = deps;
  const { tenantId } = demo;
  const secrets = createSecretBox(testSecret);
  const connectionId = uuidv7();
  await database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret, state) VALUES ($1, $2, 'odoo', 'Odoo', $3, $4, 'up')`,
    [
      tenantId,
      connectionId,
      { url: `${odoo.url}/demo`, database: 'demo', login: 'nervio@demo.test' },
      secrets.seal('nervio-demo-key', { tenantId, connectionId }),
    ],
  );
  const clients = createOdooClients({ db, secrets });
  const catalogue = createCatalogueActivities({ db, odoo: clients });
  const metrics = createOperationMetrics(new Registry());
  // Each move is made by hand, so that none goes on to the next in line by itself.
  const moves = createMovePalletsActivities({ db, odoo: clients, metrics, stopping: AbortSignal.abort() });
  const logger = new DefaultLogger('ERROR');
  const within: PickingApp['within'] = (work) => new MockActivityEnvironment({}, { logger }).run(work);
  await within(() => catalogue.readCatalogue({ tenantId, connectionId }));
  const worker = await app.as(demo.users.warehouse);

  return {
    ...app,
    odoo,
    connectionId,
    clients,
    catalogue,
    moves,
    worker,
    admin: new Caller(odoo, 'demo', 2, 'admin'),
    within,
    async place(barcode) {
      const [row] = await database.query<{ id: string }>(
        'SELECT id FROM location WHERE connection_id = $1 AND barcode = $2',
        [connectionId, barcode],
      );
      if (!row) throw new Error(`No place ${barcode}`);
      return row.id;
    },
    async scan(code) {
      const answer = await call({ method: 'GET', url: `/api/v1/pallets/${code}`, headers: worker });
      return { ...answer.json<object>(), status: answer.statusCode };
    },
    async send(pallets, destination, more = {}) {
      const payload = { destination, pallets, scannedAt: new Date().toISOString(), ...more };
      const answer = await call({ method: 'POST', url: '/api/v1/pallet-moves', headers: worker, payload });
      if (answer.statusCode !== 202) throw new Error(answer.body);
      return answer.json<{ operationId: string }>().operationId;
    },
    async cancel(operationId) {
      const answer = await call({
        method: 'POST',
        url: `/api/v1/operations/${operationId}/cancel`,
        headers: worker,
      });
      if (answer.statusCode !== 202) throw new Error(answer.body);
    },
    async take(operationId) {
      const [row] = await database.query<{ attempt: number }>('SELECT attempt FROM operation WHERE id = $1', [
        operationId,
      ]);
      if (!row) throw new Error(`No operation ${operationId}`);
      const workflowId = workflowIdOf('move_pallets', operationId, row.attempt);
      const run = { tenantId, operationId, attempt: row.attempt, workflowId, runId: randomUUID() };
      await moves.takeMove(run);
      return run;
    },
    async forget(code) {
      await database.query(
        `UPDATE pallet SET fetched_at = clock_timestamp() - interval '1 hour' WHERE connection_id = $1 AND code = $2`,
        [connectionId, code],
      );
    },
    async setCircuit(state) {
      await database.query('UPDATE connection SET state = $1 WHERE id = $2', [state, connectionId]);
    },
    async close() {
      clients.close();
      await app.close();
      await odoo.close();
    },
  };
}
