import { createDatabase } from '../store/db';
import { createSecretBox } from '../store/secrets';
import { checkPassword } from '../store/passwords';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { testConfig, testSecret } from '../test/support/environment';
import { isGtin } from '../domain/barcode';
import { createAdmin } from './create-admin';
import { demo, demoPassword, otra } from './demo-business';
import { seedDemo } from './seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const config = (environment: Record<string, string> = {}) => testConfig(database.ownerUrl, environment);
const everything = () =>
  database.query(
    `SELECT (SELECT jsonb_agg(u ORDER BY email) FROM app_user u) AS users, (SELECT jsonb_agg(s ORDER BY id) FROM site s) AS sites,
            (SELECT jsonb_agg(c ORDER BY id) FROM connection c) AS connections, (SELECT jsonb_agg(p ORDER BY id) FROM product p) AS products,
            (SELECT jsonb_agg(v ORDER BY id) FROM variant v) AS variants, (SELECT jsonb_agg(c ORDER BY tenant_id, code) FROM variant_code c) AS codes,
            (SELECT jsonb_agg(p ORDER BY site_id, variant_id) FROM site_price p) AS prices, (SELECT jsonb_agg(r ORDER BY id) FROM register r) AS registers,
            (SELECT jsonb_agg(l ORDER BY site_id, variant_id) FROM stock_level l) AS levels, (SELECT jsonb_agg(m ORDER BY id) FROM stock_movement m) AS movements`,
  );
interface Row {
  id: string;
  settings: { url: string; login: string };
  secret: Buffer;
  version: number;
}
const connectionOf = async (tenantId: string): Promise<Row> => {
  const [row] = await database.query<Row>('SELECT * FROM connection WHERE tenant_id = $1', [tenantId]);
  if (row === undefined) throw new Error('no connection');
  return row;
};

describe('the demo', () => {
  it('has two warehouses, three stores and the people of the README', async () => {
    await seedDemo(config());
    const sites = await database.query(
      'SELECT kind, count(*)::int AS n FROM site WHERE tenant_id = $1 GROUP BY 1 ORDER BY 1',
      [demo.id],
    );
    expect(sites).toEqual([
      { kind: 'store', n: 3 },
      { kind: 'warehouse', n: 2 },
    ]);
    const users = await database.query<{ email: string; role: string; all_sites: boolean; password_hash: string }>(
      'SELECT email, role, all_sites, password_hash FROM app_user ORDER BY email',
    );
    expect(users.map(({ email, role }) => [email, role])).toEqual([
      ['admin@demo.test', 'admin'],
      ['admin@otra.test', 'admin'],
      ['bodega@demo.test', 'warehouse'],
      ['caja@demo.test', 'cashier'],
      ['encargada@demo.test', 'manager'],
      ['finanzas@demo.test', 'finance'],
    ]);
    for (const user of users) {
      expect(user.all_sites).toBe(true);
      expect(await checkPassword(user.password_hash, demoPassword)).toBe(true);
    }
  });

  it('is the same after seeding again', async () => {
    const before = await everything();
    await seedDemo(config());
    expect(await everything()).toEqual(before);
  });

  it('sells a few hundred things with valid codes, each in the sizes and colours of its shop', async () => {
    const [count] = await database.query<{ variants: number; weighed: number; bare: number }>(
      `SELECT count(*)::int AS variants, count(*) FILTER (WHERE p.unit = 'kg')::int AS weighed,
              count(*) FILTER (WHERE NOT EXISTS (SELECT FROM variant_code c WHERE c.variant_id = v.id AND c.kind = 'barcode'))::int AS bare
       FROM variant v JOIN product p ON p.id = v.product_id WHERE v.tenant_id = $1`,
      [demo.id],
    );
    expect(count!.variants).toBeGreaterThan(250);
    expect(count!.weighed).toBeGreaterThan(10);
    expect(count!.bare).toBe(0);
    const codes = await database.query<{ code: string }>(`SELECT code FROM variant_code WHERE kind = 'barcode'`);
    for (const { code } of codes) expect([code, isGtin(code)]).toEqual([code, true]);
  });

  it('opens with stock that the ledger tells of; the third shop has goods of its own and no others', async () => {
    const [proof] = await database.query<{ levels: number; wrong: number }>(
      `SELECT count(*)::int AS levels, count(*) FILTER (WHERE l.on_hand IS DISTINCT FROM m.sum OR l.version <> 1)::int AS wrong
       FROM stock_level l LEFT JOIN (SELECT site_id, variant_id, sum(quantity) FROM stock_movement WHERE kind = 'opening' GROUP BY 1, 2) m
         ON m.site_id = l.site_id AND m.variant_id = l.variant_id`,
    );
    expect(proof!.levels).toBeGreaterThan(700);
    expect(proof!.wrong).toBe(0);
    const shared = await database.query(
      `SELECT v.sku FROM stock_level l JOIN site s ON s.id = l.site_id JOIN variant v ON v.id = l.variant_id
       WHERE s.name = 'Tienda Viña del Mar' AND EXISTS (SELECT FROM stock_level o WHERE o.variant_id = l.variant_id AND o.site_id <> l.site_id)`,
    );
    expect(shared).toEqual([]);
  });

  it('has two tills in each shop, and none in a warehouse', async () => {
    const tills = await database.query(
      `SELECT s.kind, count(*)::int AS n FROM register r JOIN site s ON s.id = r.site_id GROUP BY 1, s.id ORDER BY s.id`,
    );
    expect(tills).toEqual(Array(4).fill({ kind: 'store', n: 2 }));
  });

  it('leaves alone what people changed: names, prices, what was withdrawn, codes that went', async () => {
    await database.query(`UPDATE site SET name = 'Tienda Providencia Norte' WHERE name = 'Tienda Providencia'`);
    await database.query(
      `UPDATE product SET name = 'Arroz de casa', withdrawn_at = now() WHERE name = 'Arroz grado 1, 1 kg'`,
    );
    await database.query(`UPDATE variant SET price = 1, sku = 'OTRO-SKU' WHERE sku = 'FID-400'`);
    await database.query(`DELETE FROM variant_code WHERE code LIKE '7802210%'`);
    await database.query(
      `UPDATE register SET name = 'Caja rápida' WHERE id = (SELECT id FROM register ORDER BY id LIMIT 1)`,
    );
    const before = await everything();
    await seedDemo(config());
    expect(await everything()).toEqual(before);
  });

  it('connects each business to its own database of Odoo, with the key sealed', async () => {
    const box = createSecretBox(testSecret);
    for (const [tenant, url, login, key] of [
      [demo.id, 'http://127.0.0.1:8069', 'nervio@demo.test', 'nervio-demo-key'],
      [otra.id, 'http://127.0.0.1:8069/otra', 'nervio@otra.test', 'nervio-otra-key'],
    ] as const) {
      const { id, settings, secret } = await connectionOf(tenant);
      expect(settings).toMatchObject({ url, login });
      expect(secret.includes(key)).toBe(false);
      expect(box.unseal(secret, { tenantId: tenant, connectionId: id })).toBe(key);
    }
  });

  it('does not follow ODOO_URL to another Odoo while a move is open in this one', async () => {
    const { id } = await connectionOf(demo.id);
    await database.query(
      `INSERT INTO operation (tenant_id, id, kind, queue, connection_id, state) VALUES ($1, gen_random_uuid(), 'move_pallets', 'pallets', $2, 'waiting')`,
      [demo.id, id],
    );
    const before = await everything();
    await expect(seedDemo(config({ ODOO_URL: 'https://odoo.example' }))).rejects.toMatchObject({
      code: 'connection_in_use',
    });
    expect(await everything()).toEqual(before);
    await database.query(`UPDATE operation SET state = 'cancelled'`);
  });

  it('follows ODOO_URL when that changes, and keeps what people set otherwise', async () => {
    await seedDemo(config({ ODOO_URL: 'https://odoo.example', ODOO_LOGIN: 'erp@example.test' }));
    const followed = await connectionOf(demo.id);
    expect(followed).toMatchObject({
      version: 2,
      settings: { url: 'https://odoo.example', login: 'erp@example.test' },
    });
    await database.query(
      `UPDATE connection SET settings = settings || '{"login": "mine@example.test"}' WHERE id = $1`,
      [followed.id],
    );
    await database.query(`UPDATE app_user SET name = 'Cambiada', active = false WHERE email = 'caja@demo.test'`);
    const before = await everything();
    await seedDemo(config({ ODOO_URL: 'https://odoo.example', ODOO_LOGIN: 'erp@example.test' }));
    expect(await everything()).toEqual(before);
  });
});

describe('the first administrator', () => {
  const admin = { slug: 'nueva', tenantName: 'Nueva SpA', name: 'Ana', password: 'una clave bien larga' };

  it('comes with a business, or joins the one of that name', async () => {
    const db = createDatabase({ url: database.appUrl, poolMax: 1 });
    try {
      const first = await createAdmin(db, { ...admin, email: 'Ana@nueva.test' });
      const second = await createAdmin(db, { ...admin, email: 'eva@nueva.test' });
      expect([first.newTenant, second]).toEqual([true, { tenantId: first.tenantId, newTenant: false }]);
      await expect(createAdmin(db, { ...admin, email: 'ana@nueva.test' })).rejects.toMatchObject({
        code: 'email_taken',
      });
      await expect(createAdmin(db, { ...admin, email: 'x@nueva.test', password: 'corta' })).rejects.toMatchObject({
        code: 'weak_password',
      });
      const users = await database.query('SELECT email, role FROM app_user WHERE tenant_id = $1 ORDER BY 1', [
        first.tenantId,
      ]);
      expect(users).toEqual([
        { email: 'ana@nueva.test', role: 'admin' },
        { email: 'eva@nueva.test', role: 'admin' },
      ]);
      const trail = await database.query('SELECT action, actor FROM audit WHERE tenant_id = $1', [first.tenantId]);
      expect(trail).toEqual(Array(2).fill({ action: 'user.created', actor: 'create-admin' }));
    } finally {
      await db.close();
    }
  });
});
