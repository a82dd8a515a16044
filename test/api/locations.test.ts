import { randomUUID } from 'node:crypto';
import { buildPickingApp, type PickingApp } from '../support/picking';

let t: PickingApp;
beforeAll(async () => {
  t = await buildPickingApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  t.odoo.control({ mode: 'ok' });
  await t.setCircuit('up');
});

interface Page {
  items: { id: string; name: string; fullName: string; barcode: string }[];
  nextCursor: string | null;
  asOf: string | null;
  stale: boolean;
}
const list = async (query = 'limit=200'): Promise<Page> =>
  (await t.call({ method: 'GET', url: `/api/v1/locations?${query}`, headers: t.worker })).json<Page>();
const barcodes = (page: Page) => page.items.map(({ barcode }) => barcode);
const readAgain = () =>
  t.within(() => t.catalogue.readCatalogue({ tenantId: t.demo.tenantId, connectionId: t.connectionId }));
const readAgo = (minutes: number) =>
  t.database.query(
    `UPDATE connection SET catalogue_synced_at = clock_timestamp() - make_interval(mins => $1) WHERE id = $2`,
    [minutes, t.connectionId],
  );
/** A new chamber in Odoo; returns its id there. */
async function chamber(barcode: string): Promise<number> {
  const [beside] = (await t.admin.call('stock.location', 'search', [[['barcode', '=', 'CAM-01']]])) as number[];
  const values = { name: `Cámara ${barcode}`, barcode, location_id: beside ?? 0 };
  return (await t.admin.call('stock.location', 'create', [values])) as number;
}

describe('the chambers', () => {
  it('are the places of Odoo that pallets may be put into, by name, with the place’s whole path', async () => {
    const page = await list();
    expect(page).toMatchObject({ stale: false, nextCursor: null });
    expect(barcodes(page)).toEqual(expect.arrayContaining(['CAM-01', 'CAM-06', 'TUNEL-01', 'ANDEN']));
    // Archived, and a place that holds no goods.
    expect(barcodes(page)).not.toContain('CAM-09');
    expect(barcodes(page)).not.toContain('PATIO');
    expect(page.items.find(({ barcode }) => barcode === 'CAM-01')?.fullName).toMatch(/\/Cámara 1$/);
  });

  it('come in pages that fit together', async () => {
    const whole = await list();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await list(`limit=3${cursor && `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...barcodes(page));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(barcodes(whole));
  });

  it('are found by barcode and by a part of the name', async () => {
    expect(barcodes(await list('barcode=CAM-03'))).toEqual(['CAM-03']);
    expect(barcodes(await list('q=t%C3%BAnel'))).toEqual(['TUNEL-01']);
    expect(barcodes(await list('barcode=CAM-09'))).toEqual([]);
  });

  it('are fresh for an hour, and there without Odoo', async () => {
    t.odoo.control({ mode: 'down' });
    await readAgo(59);
    const page = await list();
    expect(page.stale).toBe(false);
    expect(barcodes(page)).toContain('CAM-01');
  });

  it('are stale after that, and say how old they are', async () => {
    await readAgo(61);
    const page = await list();
    expect(page.stale).toBe(true);
    expect(barcodes(page)).toContain('CAM-01');
    expect(Math.round((Date.now() - Date.parse(page.asOf!)) / 60_000)).toBe(61);
  });

  it('of a business without an Odoo are none', async () => {
    const headers = await t.as(t.otra.users.warehouse);
    const answer = await t.call({ method: 'GET', url: '/api/v1/locations', headers });
    expect(answer.json()).toEqual({ items: [], nextCursor: null, asOf: null, stale: true });
  });
});

describe('the catalogue that is read again', () => {
  it('has a new chamber, no longer an archived one, and not one that was deleted', async () => {
    const [kept, deleted] = [await chamber('NEW-1'), await chamber('NEW-2')];
    await readAgain();
    expect(barcodes(await list())).toEqual(expect.arrayContaining(['NEW-1', 'NEW-2']));
    const ids = [await t.place('NEW-1'), await t.place('NEW-2')];

    await t.admin.call('stock.location', 'write', [[kept], { active: false }]);
    await t.admin.call('stock.location', 'unlink', [[deleted]]);
    await readAgain();
    expect(barcodes(await list()).filter((barcode) => barcode.startsWith('NEW'))).toEqual([]);
    // What has happened there still has its name.
    expect([await t.place('NEW-1'), await t.place('NEW-2')]).toEqual(ids);

    await t.admin.call('stock.location', 'write', [[kept], { active: true, name: 'Cámara vuelta' }]);
    await readAgain();
    const back = (await list('barcode=NEW-1')).items;
    expect(back).toMatchObject([{ id: ids[0], name: 'Cámara vuelta' }]);
  });

  it('says when it was read', async () => {
    await readAgo(300);
    const before = Date.now();
    await readAgain();
    expect(Date.parse((await list()).asOf!)).toBeGreaterThanOrEqual(before - 1_000);
  });

  it.each(['down', 'credentials', 'incompatible'])('is not asked for while the connection is %s', async (state) => {
    await t.setCircuit(state);
    const calls = JSON.stringify(t.odoo.state().calls);
    await expect(readAgain()).rejects.toMatchObject({ name: 'NervioError' });
    expect(JSON.stringify(t.odoo.state().calls)).toBe(calls);
    expect(await t.catalogue.listConnections()).toEqual([]);
  });

  it.each(['up', 'unknown'])('is asked for while the connection is %s', async (state) => {
    await t.setCircuit(state);
    expect(await t.catalogue.listConnections()).toEqual([{ tenantId: t.demo.tenantId, connectionId: t.connectionId }]);
    await expect(readAgain()).resolves.toMatchObject({ locations: expect.any(Number) as unknown });
  });
});

describe('reading the catalogue on demand', () => {
  const sync = (headers: Record<string, string> = t.worker) =>
    t.app.inject({ method: 'POST', url: '/api/v1/locations/sync', headers });
  const handedOver = async () =>
    (
      await t.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM outbox WHERE workflow_id = $1`, [
        `sync-catalogue-${t.connectionId}`,
      ])
    )[0]!.n;

  it('is a command: it needs a key', async () => {
    const answer = await sync();
    expect(answer.json()).toMatchObject({ status: 400, code: 'idempotency_key_missing' });
  });

  it('is handed over once for one key, and the audit says who asked', async () => {
    const before = await handedOver();
    const headers = { ...t.worker, 'idempotency-key': randomUUID() };
    const answers = [await sync(headers), await sync(headers)];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    expect(answers[1]!.headers['idempotency-replayed']).toBe('true');
    expect((await handedOver()) - before).toBe(1);
    const trail = await t.database.query('SELECT * FROM audit WHERE entity_id = $1', [t.connectionId]);
    expect(trail).toMatchObject([
      { action: 'connection.catalogue_asked', entity_type: 'connection', actor_id: t.demo.users.warehouse.id },
    ]);
  });

  it('is refused to a business without an Odoo', async () => {
    const headers = { ...(await t.as(t.otra.users.warehouse)), 'idempotency-key': randomUUID() };
    expect((await sync(headers)).json()).toMatchObject({ status: 422, code: 'no_connection' });
  });
});
