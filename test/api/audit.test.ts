import { randomUUID } from 'node:crypto';
import { buildTestApp, type TestApp } from '../support/app';
import type { TestUser } from '../support/business';
import { createWork, type TestWork } from '../support/work';

let t: TestApp;
let work: TestWork;
beforeAll(async () => {
  t = await buildTestApp();
  work = await createWork(t.database, t.demo);
});
afterAll(() => t.close());

interface Entry {
  id: string;
  at: string;
  action: string;
  entityType: string;
  entityName: string | null;
  operation: { id: string; state: string; succeeded: boolean | null; syncedToOdoo: boolean } | null;
}
const read = async (user: TestUser, query = '') => {
  const answer = await t.call({ method: 'GET', url: `/api/v1/audit?${query}`, headers: await t.as(user) });
  return answer.json<{ items: Entry[]; nextCursor: string | null }>();
};
const movement = async (user: TestUser = t.demo.users.auditor) =>
  (await read(user, `entityType=pallet&entityId=${work.palletCode}`)).items;

describe('the audit', () => {
  it('says of a movement who, from where to where, and by which operation', async () => {
    expect(await movement()).toEqual([
      expect.objectContaining({
        action: 'pallet.moved',
        actor: { id: t.demo.users.warehouse.id, name: 'warehouse' },
        locationFrom: { id: work.locations[0], name: 'C1' },
        locationTo: { id: work.locations[1], name: 'C2' },
        operation: expect.objectContaining({ id: work.operationId, kind: 'move_pallets' }) as unknown,
      }),
    ]);
  });

  it.each([
    ['pending', null, false],
    ['waiting', null, false],
    ['synced', true, true],
    ['needs_attention', false, false],
    ['cancelled', false, false],
    ['compensated', false, false],
  ])('says of a %s movement whether it succeeded and whether Odoo has it', async (state, succeeded, syncedToOdoo) => {
    await t.database.query('UPDATE operation SET state = $1 WHERE id = $2', [state, work.operationId]);
    expect((await movement())[0]?.operation).toMatchObject({ state, succeeded, syncedToOdoo });
  });

  it('says of nothing but moves of pallets that Odoo has it', async () => {
    await t.database.query(`UPDATE operation SET state = 'synced', kind = 'import_products' WHERE id = $1`, [
      work.operationId,
    ]);
    expect((await movement())[0]?.operation).toMatchObject({ succeeded: true, syncedToOdoo: false });
    await t.database.query(`UPDATE operation SET kind = 'move_pallets' WHERE id = $1`, [work.operationId]);
  });

  it('leaves out movements of sites that one may not see', async () => {
    expect(await movement(t.demo.oneSite)).toEqual([]);
    expect((await read(t.demo.oneSite)).items.length).toBeGreaterThan(0);
  });

  it('names what it is about as it is called now', async () => {
    const { tenantId, sites, users } = t.demo;
    const [product, size, colour, none] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const one = `INSERT INTO %s (tenant_id, id, name`;
    await t.database.query(`${one.replace('%s', 'size')}, position) VALUES ($1, $2, 'XXL', 90)`, [tenantId, size]);
    await t.database.query(`${one.replace('%s', 'colour')}, position) VALUES ($1, $2, 'Ocre', 90)`, [tenantId, colour]);
    await t.database.query(`${one.replace('%s', 'product')}) VALUES ($1, $2, 'Polera')`, [tenantId, product]);
    const named: [string, string, string | null][] = [
      ['site', sites[0].id, sites[0].name],
      ['user', users.cashier.id, 'cashier'],
      ['product', product, 'Polera'],
      ['size', size, 'XXL'],
      ['colour', colour, 'Ocre'],
      ['register', none, null],
      ['variant', none, null],
      ['connection', none, null],
      ['import', none, null],
      ['cache', 'stock', null],
    ];
    for (const [type, id] of named) {
      await t.database.query(
        `INSERT INTO audit (tenant_id, id, actor, action, entity_type, entity_id) VALUES ($1, gen_random_uuid(), 'x', 'named', $2, $3)`,
        [tenantId, type, id],
      );
    }
    const told = (await read(users.auditor, 'limit=200')).items.filter(({ action }) => action === 'named');
    expect(told.map(({ entityType, entityName }) => [entityType, entityName]).sort()).toEqual(
      named.map(([type, , name]) => [type, name]).sort(),
    );
  });

  it('comes newest first, in pages without gaps or repeats, also of the same instant', async () => {
    await t.database.query(
      `INSERT INTO audit (tenant_id, id, at, actor, action, entity_type, entity_id)
       SELECT $1, gen_random_uuid(), '2026-01-01T00:00:00.123456Z', 'import', 'thing.made', 'thing', n::text FROM generate_series(1, 25) n`,
      [t.demo.tenantId],
    );
    const seen: Entry[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Entry[]; nextCursor: string | null } = await read(
        t.demo.users.auditor,
        `entityType=thing&limit=10${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(25);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
    const all = (await read(t.demo.users.auditor, 'limit=200')).items.map(({ at }) => at);
    expect(all).toEqual([...all].sort().reverse());
  });
});
