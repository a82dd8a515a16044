import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import pg from 'pg';
import { createProductActivities } from '../../activities/products/activities';
import type { ApiDeps } from '../../api/deps';
import { applyImport, undoImport, uploadImport } from '../../api/imports/commands';
import { getImport, listRowsOfImport } from '../../api/imports/queries';
import { acceptPriceSync, setPrices } from '../../api/prices/commands';
import { createProduct, updateVariant } from '../../api/products/commands';
import { scanProduct } from '../../api/products/queries';
import type { Actor } from '../../domain/access';
import { openFolder } from '../../store/objects';
import { applyStock } from '../../store/stock';
import { eventually } from '../support/eventually';
import { startFlow, type Flow } from '../support/flow';

/** Files of products and prices of other sites, from the command to their end, on a real PostgreSQL and a real Temporal. */
let flow: Flow;
let deps: ApiDeps;
let actor: Actor;
let folder: string;
beforeAll(async () => {
  flow = await startFlow({ without: ['workers'] });
  await flow.startWorker('stock');
  folder = await mkdtemp(join(tmpdir(), 'nervio-import-'));
  deps = { ...flow.deps, objects: openFolder(folder) };
  const { id, email } = flow.business.users.manager;
  actor = { ...flow.actor, role: 'manager', userId: id, email };
});
afterAll(async () => {
  await flow.close();
  await rm(folder, { recursive: true });
});

const key = () => randomUUID();
const upload = async (...lines: string[]) =>
  (await uploadImport(deps, actor, { fileName: 'productos.csv', file: Buffer.from(lines.join('\n')) }, key())).body;
const apply = async (id: string) => (await applyImport(deps, actor, id, key())).body.operationId;
const undo = async (id: string) => (await undoImport(deps, actor, id, key())).body.operationId;
const scan = (sku: string) => scanProduct(deps, actor, sku, {});
const view = (id: string) => getImport(deps, actor, id);
const seller = (sku: string, price: number, more: object = {}) =>
  createProduct(deps, actor, { name: `Artículo ${sku}`, variants: [{ sku, price, ...more }] }, key());

/** Several parts of lines that change products which are there; returns the file. */
async function large(prefix: string, price: number, count = 450): Promise<string> {
  const lines = Array.from({ length: count }, (_, at) => `${prefix}-${at};${prefix} ${at};${price}`);
  const { id, createCount, updateCount } = await upload('sku;nombre;precio', ...lines);
  expect(createCount + updateCount).toBe(count);
  return id;
}

/** Keeps a variant's row until `release`: the part of the work that needs it waits. */
async function hold(sku: string): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: flow.database.ownerUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT id FROM variant WHERE sku = $1 FOR NO KEY UPDATE', [sku]);
  return {
    async release() {
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}

describe('an import', () => {
  it('makes and changes what its good lines say, and tells how far it is', async () => {
    await seller('VIEJO', 1000, { cost: 500 });
    const file = await upload(
      'sku;nombre;categoría;precio;código;mín',
      'NUEVO;Tetera;Hogar;12.990;4006381333931;2',
      'VIEJO;;;1.500;;',
      'MALO;Sin precio;;;;',
    );
    expect(file).toMatchObject({
      state: 'previewed',
      rowCount: 3,
      createCount: 1,
      updateCount: 1,
      badCount: 1,
      sameCount: 0,
    });
    await expect(scan('NUEVO')).rejects.toMatchObject({ code: 'unknown_code' });
    const operation = await flow.until(await apply(file.id), 'synced');
    expect(operation.subject).toMatchObject({ id: file.id, label: 'productos.csv' });
    expect(operation.timeline.map(({ code }) => code)).toEqual(['accepted', 'taken', 'progress', 'synced']);
    expect(operation.timeline.at(2)?.data).toMatchObject({ done: 2, total: 2, secondsLeft: 0 });
    expect(await scan('4006381333931')).toMatchObject({
      sku: 'NUEVO',
      name: 'Tetera',
      category: 'Hogar',
      price: { amount: 12990 },
    });
    expect(await scan('VIEJO')).toMatchObject({ name: 'Artículo VIEJO', price: { amount: 1500 } });
    expect(await view(file.id)).toMatchObject({ state: 'applied', doneCount: 2, badCount: 1 });
    await flow.record('import-products-synced', operation.id);
  });

  it('is undone: what it changed is as before, what it made is not sold any more; and it can be applied again', async () => {
    await seller('ANTES', 1000);
    const lines = ['sku;nombre;precio;código', 'ANTES;Después;2000;A-ANTES', 'HECHO;Hecho;500;A-HECHO'];
    const file = await upload(...lines);
    await flow.until(await apply(file.id), 'synced');
    expect(await scan('A-ANTES')).toMatchObject({ name: 'Después', price: { amount: 2000 } });
    const operation = await flow.until(await undo(file.id), 'synced');
    expect(operation.timeline.map(({ code }) => code)).toEqual(['accepted', 'taken', 'taken_back', 'synced']);
    expect(await scan('ANTES')).toMatchObject({ name: 'Artículo ANTES', price: { amount: 1000 } });
    expect(await scan('HECHO')).toMatchObject({ active: false });
    for (const code of ['A-ANTES', 'A-HECHO']) await expect(scan(code)).rejects.toMatchObject({ code: 'unknown_code' });
    expect(await view(file.id)).toMatchObject({ state: 'undone', doneCount: 0, keptCount: 0 });
    await expect(undo(file.id)).rejects.toMatchObject({ code: 'import_not_applied' });
    await flow.record('undo-import-synced', operation.id);

    const again = await upload(...lines);
    await flow.until(await apply(again.id), 'synced');
    expect(await scan('A-HECHO')).toMatchObject({ active: true, price: { amount: 500 } });
  });

  it('that is undone leaves what somebody changed or moved since, and says so', async () => {
    await seller('TOCADO', 1000);
    const file = await upload('sku;nombre;precio', 'TOCADO;;2000', 'MOVIDO;Movido;500', 'LIBRE;Libre;500');
    await flow.until(await apply(file.id), 'synced');
    const touched = await scan('TOCADO');
    await updateVariant(deps, actor, touched.id, { version: touched.version, price: 2500 }, key());
    const moved = await scan('MOVIDO');
    await flow.db.withTenant(flow.business.tenantId, (tx) =>
      applyStock(tx, [
        {
          documentId: randomUUID(),
          operationId: null,
          userId: null,
          changes: [
            {
              do: 'move',
              siteId: flow.business.sites[1].id,
              variantId: moved.id,
              kind: 'entry',
              quantity: 1000,
              policy: 'record',
            },
          ],
        },
      ]),
    );
    const operation = await flow.until(await undo(file.id), 'synced');
    expect(operation.timeline.at(-1)?.data).toMatchObject({ kept: 2 });
    expect([await scan('TOCADO'), await scan('MOVIDO'), await scan('LIBRE')]).toMatchObject([
      { price: { amount: 2500 } },
      { active: true },
      { active: false },
    ]);
    const left = await listRowsOfImport(deps, actor, file.id, { problems: true });
    expect(left.items.map(({ data, kept }) => [data.sku, kept])).toEqual([
      ['TOCADO', true],
      ['MOVIDO', true],
    ]);
  });

  it('decides by the catalogue as it is when a line’s turn comes', async () => {
    const file = await upload('sku;nombre;precio;código', 'TARDE;Tarde;100;C-TARDE', 'OTRA;Otra;100;C-OTRA');
    await seller('INTRUSO', 1, { codes: [{ code: 'C-OTRA' }] });
    await flow.until(await apply(file.id), 'synced');
    expect(await scan('C-OTRA')).toMatchObject({ sku: 'INTRUSO' });
    expect(await scan('OTRA')).toMatchObject({ price: { amount: 100 }, barcodes: [] });
    const told = await listRowsOfImport(deps, actor, file.id, { problems: true, language: 'en' });
    expect(told.items).toMatchObject([
      {
        data: { sku: 'OTRA' },
        applied: true,
        problems: [{ code: 'code_taken', message: 'That code belongs to another product.' }],
      },
    ]);
  });

  it('is cancelled under way: what is in by then is taken back', async () => {
    await flow.until(await apply(await large('CAN', 100)), 'synced');
    const id = await large('CAN', 200);
    const held = await hold('CAN-300');
    const operation = await apply(id);
    await flow.untilStep(operation, 'progress');
    expect((await scan('CAN-0')).price.amount).toBe(200);
    await flow.cancel(operation);
    await held.release();
    const ended = await flow.until(operation, 'compensated');
    const [row] = await flow.database.query(
      `SELECT min(price)::int AS least, max(price)::int AS most FROM variant WHERE sku LIKE 'CAN-%'`,
    );
    expect(row).toEqual({ least: 100, most: 100 });
    expect(await view(id)).toMatchObject({ state: 'cancelled', doneCount: 0 });
    await flow.record('import-products-compensated', ended.id);
  });

  it('tried again beside a try that was thought to be dead: each part is done once, forth and back', async () => {
    await flow.until(await apply(await large('DOBLE', 100)), 'synced');
    const id = await large('DOBLE', 200);
    const { tenantId } = flow.business;
    const steps = createProductActivities({ db: flow.db });
    /** Has the workflow's try and one more wait in the middle of the same part. */
    const twice = async (
      operationId: string,
      held: { release(): Promise<void> },
      step: 'applyImport' | 'takeBackImport',
    ) => {
      await flow.untilStep(operationId, 'taken');
      const waiting = (count: number) =>
        eventually(
          () =>
            flow.database.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            ),
          (rows) => rows.length === count,
          (rows) => `${rows.length} wait`,
        );
      await waiting(1);
      const { attempt, workflowId, runId } = await flow.read(operationId);
      const run = { tenantId, operationId, attempt, workflowId: workflowId!, runId: runId! };
      const beside = new MockActivityEnvironment().run(steps[step], run);
      await waiting(2);
      await held.release();
      await flow.until(operationId, 'synced');
      await beside;
    };
    const forth = await hold('DOBLE-0');
    await twice(await apply(id), forth, 'applyImport');
    expect(await view(id)).toMatchObject({ state: 'applied', doneCount: 450 });
    const back = await hold('DOBLE-0');
    await twice(await undo(id), back, 'takeBackImport');
    expect(await view(id)).toMatchObject({ state: 'undone', doneCount: 0, keptCount: 0 });
  });

  it('whose worker dies, its answer lost, goes on where it was and does nothing twice', async () => {
    const id = await large('MUERE', 100);
    flow.beforeAnswer('applyImport', async () => {
      throw new Error('gone');
    });
    const operation = await flow.until(await apply(id), 'synced');
    expect(operation.timeline.filter(({ code }) => code === 'progress')).toHaveLength(3);
    const versions = await flow.database.query(`SELECT DISTINCT version FROM variant WHERE sku LIKE 'MUERE-%'`);
    expect(versions).toEqual([{ version: 1 }]);
  });

  it('that the database refuses comes to rest, is retried by a person, and goes on', async () => {
    const id = await large('RECHAZO', 100);
    await flow.database.query(`ALTER TABLE variant ADD CONSTRAINT test_refuses CHECK (sku <> 'RECHAZO-300') NOT VALID`);
    const operation = await apply(id);
    const rests = await flow.until(operation, 'needs_attention');
    expect(rests.error).toMatchObject({ code: 'rows_refused' });
    expect(await view(id)).toMatchObject({ state: 'applying', needsAttention: true, doneCount: 200 });
    await flow.record('import-products-needs-attention', operation);
    await flow.database.query('ALTER TABLE variant DROP CONSTRAINT test_refuses');
    await flow.retry(operation);
    await flow.until(operation, 'synced');
    expect(await view(id)).toMatchObject({ state: 'applied', needsAttention: false, doneCount: 450 });
  });

  it('that rests half-way is cancelled: taken back by a new attempt', async () => {
    const id = await large('MEDIO', 100);
    await flow.database.query(`ALTER TABLE variant ADD CONSTRAINT test_refuses CHECK (sku <> 'MEDIO-300') NOT VALID`);
    const operation = await apply(id);
    await flow.until(operation, 'needs_attention');
    await flow.cancel(operation);
    await flow.until(operation, 'compensated');
    await flow.database.query('ALTER TABLE variant DROP CONSTRAINT test_refuses');
    const sold = await flow.database.query(`SELECT 1 FROM variant WHERE sku LIKE 'MEDIO-%' AND active`);
    expect(sold).toEqual([]);
  });
});

describe('prices of one site brought to another', () => {
  const [from, to] = [() => flow.business.sites[0].id, () => flow.business.sites[1].id];
  const sync = async (fromSiteId: string | null, category: string) =>
    (await acceptPriceSync(deps, actor, { fromSiteId, toSiteIds: [to()], category }, key())).body.operationId;
  const priceAt = async (sku: string, siteId: string) => (await scanProduct(deps, actor, sku, { siteId })).price.amount;

  async function range(category: string, count: number): Promise<void> {
    await createProduct(
      deps,
      actor,
      { name: category, category, variants: [{ sku: `${category}-0`, price: 1000 }] },
      key(),
    );
    for (let at = 1; at < count; at++) {
      await createProduct(
        deps,
        actor,
        { name: category, category, variants: [{ sku: `${category}-${at}`, price: 1000 }] },
        key(),
      );
    }
  }
  const set = (siteId: string | null, sku: string, price: number | null) =>
    setPrices(deps, actor, { siteId, items: [{ sku, price }] }, key());

  it('are those that were frozen; one that was changed meanwhile stays', async () => {
    await range('SYN', 4);
    await set(from(), 'SYN-0', 900);
    await set(from(), 'SYN-1', 800);
    await set(to(), 'SYN-2', 700);
    const worker = await hold('SYN-0');
    const operation = await sync(from(), 'SYN');
    // Set by people after it was asked for.
    await set(to(), 'SYN-1', 650);
    await set(from(), 'SYN-2', 1);
    await worker.release();
    const ended = await flow.until(operation, 'synced');
    expect(await Promise.all(['SYN-0', 'SYN-1', 'SYN-2', 'SYN-3'].map((sku) => priceAt(sku, to())))).toEqual([
      900, 650, 1000, 1000,
    ]);
    expect(ended.subject).toMatchObject({ label: 'Bodega 1 → Tienda 1', count: 3 });
    expect(ended.timeline.at(-1)?.data).toMatchObject({ done: 2, kept: 1 });
    await expect(sync(from(), 'NADA')).rejects.toMatchObject({ code: 'nothing_to_sync' });
    await flow.record('sync-prices-synced', operation);
  });

  it('from the business: the site follows it again', async () => {
    await range('EMP', 1);
    await set(to(), 'EMP-0', 500);
    await flow.until(await sync(null, 'EMP'), 'synced');
    expect(await priceAt('EMP-0', to())).toBe(1000);
    await set(null, 'EMP-0', 1200);
    expect(await priceAt('EMP-0', to())).toBe(1200);
  });

  it('are restored when it is cancelled under way', async () => {
    // Two parts.
    await flow.until(await apply(await large('REST', 1000, 600)), 'synced');
    await flow.database.query(`UPDATE product SET category = 'REST' WHERE name LIKE 'REST %'`);
    await flow.database.query(
      `INSERT INTO site_price (tenant_id, site_id, variant_id, price) SELECT tenant_id, $1, id, 900 FROM variant WHERE sku LIKE 'REST-%'`,
      [from()],
    );
    await flow.database.query(
      `INSERT INTO site_price (tenant_id, site_id, variant_id, price) SELECT tenant_id, $1, id, 950 FROM variant WHERE sku LIKE 'REST-1%'`,
      [to()],
    );
    const prices = () =>
      flow.database.query(`SELECT variant_id, price FROM site_price WHERE site_id = $1 ORDER BY 1`, [to()]);
    const before = await prices();
    const [last] = await flow.database.query<{ sku: string }>(
      `SELECT sku FROM variant WHERE sku LIKE 'REST-%' ORDER BY id DESC LIMIT 1`,
    );
    const held = await hold(last!.sku);
    const operation = await sync(from(), 'REST');
    await flow.untilStep(operation, 'progress');
    await flow.cancel(operation);
    await held.release();
    const ended = await flow.until(operation, 'compensated');
    expect(await prices()).toEqual(before);
    await flow.record('sync-prices-compensated', ended.id);
  });
});

it('work on the catalogue goes one after the other, in the order in which it was asked for', async () => {
  await seller('TURNO', 1);
  const [first, second] = [await upload('sku;precio', 'TURNO;2'), await upload('sku;precio', 'TURNO;3')];
  const held = await hold('TURNO');
  const [one, two] = [await apply(first.id), await apply(second.id)];
  await flow.untilStep(one, 'taken');
  expect((await flow.read(two)).state).toBe('pending');
  await held.release();
  await flow.until(two, 'synced');
  expect((await scan('TURNO')).price.amount).toBe(3);
});
