import { createHmac } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { hashPassword } from '../store/passwords';
import type { Config } from '../domain/config';
import { readConfig } from '../store/configuration';
import { createDatabase, type Tx } from '../store/db';
import { appDatabaseUrl } from '../store/roles';
import { createSecretBox, deriveKey } from '../store/secrets';
import { insertUser } from '../store/users';
import { demo, type DemoBusiness, demoPassword, otra } from './demo-business';

/** Fills in what the demo lacks and leaves alone what people changed. Safe to repeat. */
export async function seedDemo(config: Config): Promise<void> {
  const db = createDatabase({
    url: config.database.appUrl ?? appDatabaseUrl(config.database.ownerUrl, config.secret),
    poolMax: 2,
  });
  try {
    const { url, db: database, login, apiKey } = config.odoo;
    await db.withTenant(demo.id, (tx) => seedBusiness(tx, demo, config, { url, database, login, apiKey }));
    // Its own address: at the stand-in's root the version is that of the demo's database.
    const own = `${url.replace(/\/$/, '')}/${otra.odoo.database}`;
    await db.withTenant(otra.id, (tx) => seedBusiness(tx, otra, config, { url: own, ...otra.odoo }));
  } finally {
    await db.close();
  }
}

interface OdooSettings {
  url: string;
  database: string;
  login: string;
  apiKey: string;
}

async function seedBusiness(tx: Tx, business: DemoBusiness, config: Config, odoo: OdooSettings): Promise<void> {
  await tx.prisma.tenant.createMany({
    data: [{ id: business.id, slug: business.slug, name: business.name }],
    skipDuplicates: true,
  });
  await tx.prisma.site.createMany({
    data: business.sites.map((site) => ({ tenantId: tx.tenantId, id: uuidv7(), ...site })),
    skipDuplicates: true,
  });
  const present = await tx.prisma.user.findMany({ where: { tenantId: tx.tenantId }, select: { email: true } });
  for (const user of business.users.filter(({ email }) => !present.some((one) => one.email === email))) {
    const passwordHash = await hashPassword(demoPassword);
    await insertUser(tx, { id: uuidv7(), ...user, siteIds: null, locale: 'es', passwordHash });
  }
  await seedOdoo(tx, config, odoo);
}

const connectionName = 'Odoo';

/**
 * The connection follows the environment when that changes: `settings.seed` says what it was last made from. What an
 * administrator edits on the screen stays until then.
 */
async function seedOdoo(tx: Tx, config: Config, odoo: OdooSettings): Promise<void> {
  const seed = createHmac('sha256', deriveKey(config.secret, 'fingerprint')).update(JSON.stringify(odoo)).digest('hex');
  const { url, database, login, apiKey } = odoo;
  const settings = { url, database, login, seed };
  const owner = { tenantId: tx.tenantId, kind: 'odoo', name: connectionName };
  const box = createSecretBox(config.secret, config.previousSecret);
  const sealed = (connectionId: string) => new Uint8Array(box.seal(apiKey, { tenantId: tx.tenantId, connectionId }));

  const current = await tx.prisma.connection.findFirst({ where: owner });
  if (current === null) {
    const id = uuidv7();
    await tx.prisma.connection.create({ data: { ...owner, id, settings, secret: sealed(id) } });
    return;
  }
  const mark = (current.settings as { seed?: unknown }).seed;
  if (mark === undefined || mark === seed) return;
  await tx.prisma.connection.update({
    where: { tenantId_id: { tenantId: tx.tenantId, id: current.id } },
    data: { settings, secret: sealed(current.id), state: 'unknown', version: { increment: 1 } },
  });
}

if (require.main === module) {
  const config = readConfig();
  const say = (level: number, msg: string) => console.log(JSON.stringify({ level, role: 'seed', msg }));
  if (!config.demo) {
    say(30, 'nothing to seed: NERVIO_DEMO is not 1');
  } else {
    seedDemo(config).then(
      () => say(30, 'demo businesses are there'),
      (error: unknown) => {
        say(60, `seeding failed: ${String(error)}`);
        process.exitCode = 1;
      },
    );
  }
}
