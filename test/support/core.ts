import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { ApiDeps } from '../../api/deps';
import { cancelOperation, retryOperation } from '../../api/operations/commands';
import { acceptPalletMove, type PalletMoveInput } from '../../api/pallets/commands';
import type { Role, Actor } from '../../domain/access';
import type { RetryChoice } from '../../domain/operation';
import {
  createDatabase,
  type ChangedLevel,
  type Database,
  type EndedOperation,
  type HintTopic,
  type Tx,
} from '../../store/db';
import { moveOperation, readOperation, takeOperation, type Move, type OperationRow } from '../../store/operations';
import { createBusiness, type TestBusiness } from './business';
import { createTestDatabase, type TestDatabase } from './database';

/** A business with a connection and places on a real PostgreSQL; nothing outside of it. */
export interface Core {
  database: TestDatabase;
  db: Database;
  deps: ApiDeps;
  business: TestBusiness;
  /** A second business that must not notice anything. */
  other: TestBusiness;
  connectionId: string;
  hints: HintTopic[];
  /** What came to its end or to rest, as the metrics hear of it. */
  ended: EndedOperation[];
  /** Levels that changed, as the caches hear of them. */
  changedStock: { tenantId: string; level: ChangedLevel }[];
  actor(business?: TestBusiness, role?: Role): Actor;
  tx<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  accept(codes: string[], more?: Partial<PalletMoveInput> & { key?: string; business?: TestBusiness }): Promise<string>;
  cancel(id: string): Promise<string>;
  retry(id: string, choice?: RetryChoice): Promise<string>;
  read(id: string): Promise<OperationRow>;
  /** Takes it as a workflow would; null when it may not. */
  take(id: string, runId?: string, attempt?: number): Promise<OperationRow | null>;
  move(id: string, move: Omit<Move, 'code'> & { code?: string }): Promise<OperationRow | null>;
  timeline(id: string): Promise<string[]>;
  setCircuit(state: string): Promise<void>;
  close(): Promise<void>;
}

export const places = ['CAM-01', 'CAM-02', 'CAM-03'] as const;

/** A connection that is up, with three chambers; returns its id. */
async function addConnection(database: TestDatabase, business: TestBusiness): Promise<string> {
  const id = uuidv7();
  await database.query(
    `INSERT INTO connection (tenant_id, id, kind, name, settings, secret, state) VALUES ($1, $2, 'odoo', 'Odoo', '{}', '\\x00', 'up')`,
    [business.tenantId, id],
  );
  for (const [index, barcode] of places.entries()) {
    await database.query(
      `INSERT INTO location (tenant_id, id, connection_id, external_id, name, short_name, barcode, usage)
       VALUES ($1, $2, $3, $4, $5, $5, $5, 'internal')`,
      [business.tenantId, uuidv7(), id, 100 + index, barcode],
    );
  }
  return id;
}

export async function startCore(options: { poolMax?: number } = {}): Promise<Core> {
  const database = await createTestDatabase();
  const hints: HintTopic[] = [];
  const ended: EndedOperation[] = [];
  const changedStock: Core['changedStock'] = [];
  const db = createDatabase({
    url: database.appUrl,
    ...(options.poolMax !== undefined && { poolMax: options.poolMax }),
    onHint: (hint) => hints.push(hint.topic),
    onEnded: (operation) => ended.push(operation),
    onStock: (tenantId, levels) => changedStock.push(...levels.map((level) => ({ tenantId, level }))),
  });
  const [business, other] = [await createBusiness(database, 'demo'), await createBusiness(database, 'otra')];
  const connections = new Map([
    [business.tenantId, await addConnection(database, business)],
    [other.tenantId, await addConnection(database, other)],
  ]);
  const deps = { db, log: pino({ level: 'silent' }) } as unknown as ApiDeps;
  const actor: Core['actor'] = (of = business, role = 'warehouse') => ({
    tenantId: of.tenantId,
    userId: of.users[role].id,
    name: role,
    email: of.users[role].email,
    role,
    siteIds: null,
    locale: 'es',
    sessionId: randomUUID(),
  });
  const core: Core = {
    database,
    db,
    deps,
    business,
    other,
    connectionId: connections.get(business.tenantId)!,
    hints,
    ended,
    changedStock,
    actor,
    tx: (fn) => db.withTenant(business.tenantId, fn),
    async accept(codes, more = {}) {
      const { key = randomUUID(), business: of = business, ...rest } = more;
      const destination = rest.destination ?? 'CAM-01';
      // Seen elsewhere: what is accepted does not hang on the moves before it.
      const [seen] = await database.query<{ id: string }>(
        'SELECT id FROM location WHERE tenant_id = $1 AND barcode <> $2 ORDER BY barcode LIMIT 1',
        [of.tenantId, destination],
      );
      const pallets = codes.map((code) => ({ code, from: seen!.id }));
      const input = { pallets, scannedAt: new Date().toISOString(), ...rest, destination };
      return (await acceptPalletMove(deps, actor(of), input, key)).body.operationId;
    },
    cancel: async (id) => (await cancelOperation(deps, actor(), id, randomUUID())).body.state,
    retry: async (id, choice) =>
      (await retryOperation(deps, actor(), id, choice ? { choice } : {}, randomUUID())).body.operationId,
    async read(id) {
      const row = await core.tx((tx) => readOperation(tx, id));
      if (!row) throw new Error(`No operation ${id}`);
      return row;
    },
    async take(id, runId = `run-${id}`, attempt) {
      const current = attempt ?? (await core.read(id)).attempt;
      return core.tx((tx) => takeOperation(tx, id, { attempt: current, workflowId: `wf-${id}-${current}`, runId }));
    },
    move: (id, move) => core.tx((tx) => moveOperation(tx, id, { code: move.to, ...move })),
    async timeline(id) {
      const rows = await database.query<{ code: string }>(
        'SELECT code FROM operation_event WHERE operation_id = $1 ORDER BY id',
        [id],
      );
      return rows.map((row) => row.code);
    },
    async setCircuit(state) {
      await database.query('UPDATE connection SET state = $1 WHERE id = $2', [state, core.connectionId]);
    },
    async close() {
      await db.close();
      await database.drop();
    },
  };
  return core;
}
