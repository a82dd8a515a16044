import { createDatabase } from '../store/db';
import { createSecretBox } from '../store/secrets';
import { checkPassword } from '../store/passwords';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { testConfig, testSecret } from '../test/support/environment';
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
            (SELECT jsonb_agg(c ORDER BY id) FROM connection c) AS connections`,
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
