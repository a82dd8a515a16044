import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { timeZoneOf } from '../../api/sites/queries';
import type { Actor } from '../../domain/access';
import { carryVariants } from '../../store/stock';
import { buildTestApp, type TestApp } from '../support/app';
import { createCatalogue } from '../support/catalogue';

let t: TestApp;
beforeAll(async () => {
  t = await buildTestApp();
  await createCatalogue(t.database, t.demo);
});
afterAll(() => t?.close());

it('days and hours are those of most of the sites that a person sees', async () => {
  const { tenantId } = t.demo;
  const sites = await t.database.query<{ id: string }>(
    `SELECT id FROM site WHERE tenant_id = '${tenantId}' ORDER BY name`,
  );
  const actor = (siteIds: string[] | null) => ({ tenantId, siteIds }) as Actor;
  expect(await timeZoneOf(t.deps, actor(null))).toBe('America/Santiago');
  await t.database.query(`UPDATE site SET time_zone = 'America/Mexico_City' WHERE id = $1`, [sites[0]!.id]);
  expect(await timeZoneOf(t.deps, actor([sites[0]!.id]))).toBe('America/Mexico_City');
  await t.database.query(`UPDATE site SET time_zone = 'America/Mexico_City' WHERE tenant_id = $1`, [tenantId]);
  expect(await timeZoneOf(t.deps, actor(null))).toBe('America/Mexico_City');
  expect(await timeZoneOf(t.deps, actor([]))).toBe('America/Santiago');
});

describe('a new site', () => {
  interface Setup {
    id: string;
    version: number;
    locations: { name: string; isDefault: boolean }[];
    sizes: { name: string }[];
    colours: { name: string }[];
  }
  const create = async (payload: object, headers: Record<string, string> = {}) =>
    t.call({
      method: 'POST',
      url: '/api/v1/sites',
      headers: { ...(await t.as(t.demo.users.admin)), ...headers },
      payload,
    });
  const rowsOf = (siteId: string) =>
    t.database.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM site_location WHERE site_id = $1)::int + (SELECT count(*) FROM site_setup WHERE site_id = $1)::int AS n`,
      [siteId],
    );

  it('is born with a location, sizes and colours, whatever its kind (TEN-01)', async () => {
    const answer = await create({ name: 'Tienda Ñuñoa', kind: 'store', address: 'Irarrázaval 3000' });
    expect(answer.statusCode).toBe(201);
    expect(answer.json<Setup>()).toMatchObject({
      name: 'Tienda Ñuñoa',
      version: 1,
      registers: 0,
      allowNegative: false,
      timeZone: 'America/Santiago',
      locations: [{ name: 'Sala de ventas', isDefault: true, active: true }],
      sizes: expect.arrayContaining([expect.objectContaining({ name: 'Única' })]) as unknown,
      colours: expect.arrayContaining([expect.objectContaining({ name: 'Único' })]) as unknown,
    });
    const warehouse = (await create({ name: 'Bodega Renca', kind: 'warehouse' })).json<Setup>();
    expect(warehouse.locations).toMatchObject([{ name: 'Bodega', isDefault: true }]);
  });

  it('is made once, however often the command comes', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const payload = { name: 'Tienda Talca', kind: 'store' };
    const first = await create(payload, key);
    const again = await create(payload, key);
    expect([again.statusCode, again.headers['idempotency-replayed'], again.json()]).toEqual([
      201,
      'true',
      first.json(),
    ]);
    expect(await rowsOf(first.json<Setup>().id)).toEqual([{ n: 2 }]);
    expect((await create(payload)).json()).toMatchObject({ status: 422, code: 'site_name_taken' });
  });

  it('is there whole or not at all when its maker dies half-way', async () => {
    const id = uuidv7();
    const dying = new pg.Client({ connectionString: t.database.appUrl });
    // Its end is the point.
    dying.on('error', () => undefined);
    await dying.connect();
    await dying.query('BEGIN');
    await dying.query(`SELECT set_config('app.tenant_id', $1, true)`, [t.demo.tenantId]);
    await dying.query(`INSERT INTO site (tenant_id, id, name, kind) VALUES ($1, $2, 'Tienda a medias', 'store')`, [
      t.demo.tenantId,
      id,
    ]);
    const { rows } = await dying.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await t.database.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]!.pid]);
    expect(await rowsOf(id)).toEqual([{ n: 0 }]);
    expect(await t.database.query('SELECT id FROM site WHERE id = $1', [id])).toEqual([]);
    expect((await create({ name: 'Tienda a medias', kind: 'store' })).statusCode).toBe(201);
  });

  it('cannot be without them: a variant is in no site that is not set up (TEN-02)', async () => {
    const { id } = (await create({ name: 'Tienda sin nada', kind: 'store' })).json<Setup>();
    await t.database.query('DELETE FROM site_setup WHERE site_id = $1', [id]);
    await t.database.query('DELETE FROM site_size WHERE site_id = $1', [id]);
    const carry = t.database.query(
      `INSERT INTO stock_level (tenant_id, site_id, variant_id, size_id, colour_id, location_id)
       SELECT v.tenant_id, $2, v.id, v.size_id, v.colour_id, (SELECT id FROM site_location WHERE site_id = $2)
       FROM variant v WHERE v.tenant_id = $1 LIMIT 1`,
      [t.demo.tenantId, id],
    );
    await expect(carry).rejects.toMatchObject({ code: '23503' });
  });

  it('carries what the business adds later, and has more than one location', async () => {
    const headers = await t.as(t.demo.users.admin);
    const { id } = (await create({ name: 'Tienda Osorno', kind: 'store' })).json<Setup>();
    const post = (url: string, payload: object) => t.call({ method: 'POST', url, headers, payload });
    expect((await post('/api/v1/sizes', { name: 'XXL' })).statusCode).toBe(201);
    expect((await post('/api/v1/sizes', { name: 'XXL' })).json()).toMatchObject({ code: 'size_taken' });
    expect((await post('/api/v1/colors', { name: 'Lila', hex: '#AA88CC' })).json()).toMatchObject({ hex: '#aa88cc' });
    expect((await post('/api/v1/colors', { name: 'Lila' })).json()).toMatchObject({ code: 'colour_taken' });
    const place = await post(`/api/v1/sites/${id}/locations`, { name: 'Altillo' });
    expect(place.json()).toMatchObject({ name: 'Altillo', isDefault: false });
    expect((await post(`/api/v1/sites/${id}/locations`, { name: 'Altillo' })).json()).toMatchObject({
      code: 'location_name_taken',
    });
    const get = async (url: string) =>
      (await t.call({ method: 'GET', url, headers })).json<{ items: { name: string }[] }>();
    expect((await get(`/api/v1/sizes?siteId=${id}`)).items.map(({ name }) => name)).toEqual(['Única', 'XXL']);
    expect((await get(`/api/v1/colors?siteId=${id}`)).items.map(({ name }) => name)).toEqual(['Único', 'Lila']);
    expect((await get(`/api/v1/sites/${id}/locations`)).items.map(({ name }) => name)).toEqual([
      'Altillo',
      'Sala de ventas',
    ]);
  });

  it('is changed upon the version that was seen, and tells the audit', async () => {
    const headers = await t.as(t.demo.users.admin);
    const { id } = (await create({ name: 'Tienda Arica', kind: 'store' })).json<Setup>();
    const patch = (payload: object) => t.call({ method: 'PATCH', url: `/api/v1/sites/${id}`, headers, payload });
    const changed = await patch({ version: 1, name: 'Tienda Arica Centro', allowNegative: true });
    expect(changed.json()).toMatchObject({ version: 2, name: 'Tienda Arica Centro', allowNegative: true });
    expect((await patch({ version: 1, name: 'X' })).json()).toMatchObject({
      status: 409,
      code: 'version_conflict',
      version: 2,
    });
    expect((await patch({ version: 2, name: t.demo.sites[0].name })).json()).toMatchObject({ code: 'site_name_taken' });
    const trail = await t.database.query(`SELECT action FROM audit WHERE entity_id = $1 ORDER BY at, id`, [id]);
    expect(trail).toEqual([{ action: 'site.created' }, { action: 'site.changed' }]);
  });

  it('does not stop allowing what it has below zero', async () => {
    const headers = await t.as(t.demo.users.admin);
    const { id } = (await create({ name: 'Tienda Coyhaique', kind: 'store', allowNegative: true })).json<Setup>();
    const [variant] = await t.database.query<{ id: string }>('SELECT id FROM variant WHERE tenant_id = $1 LIMIT 1', [
      t.demo.tenantId,
    ]);
    await t.deps.db.withTenant(t.demo.tenantId, (tx) => carryVariants(tx, [{ siteId: id, variantId: variant!.id }]));
    const patch = (payload: object) => t.call({ method: 'PATCH', url: `/api/v1/sites/${id}`, headers, payload });
    await t.database.query('UPDATE stock_level SET on_hand = -1 WHERE site_id = $1', [id]);
    expect((await patch({ version: 1, allowNegative: false })).json()).toMatchObject({
      code: 'stock_below_zero',
      levels: 1,
    });
    await t.database.query('UPDATE stock_level SET on_hand = 1 WHERE site_id = $1', [id]);
    expect((await patch({ version: 1, allowNegative: false })).statusCode).toBe(200);
    expect(await t.database.query('SELECT allow_negative FROM stock_level WHERE site_id = $1', [id])).toEqual([
      { allow_negative: false },
    ]);
  });
});
