import { createHmac } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { hashPassword } from '../store/passwords';
import type { Config } from '../domain/config';
import { NervioError } from '../domain/errors';
import { readConfig } from '../store/configuration';
import { updateConnectionSettings } from '../store/connections';
import { createDatabase, type Tx } from '../store/db';
import { appUrlOf } from '../store/roles';
import { createSecretBox, deriveKey } from '../store/secrets';
import { insertUser } from '../store/users';
import { seedCatalogue, seedRegisters, seedSites } from './seed-catalogue';
import { demo, type DemoBusiness, demoPassword, otra } from './demo-business';

/** Fills in what the demo lacks and leaves alone what people changed. Safe to repeat. */
export async function seedDemo(config: Config): Promise<void> {
  const db = createDatabase({
    url: appUrlOf(config),
    poolMax: 2,
  });
  try {
    const { url, db: database, login, apiKey } = config.odoo;
    await db.withTenant(demo.id, (tx) => seedBusiness(tx, demo, config, { url, database, login, apiKey }));
    await db.withTenant(demo.id, (tx) => seedMail(tx, config));
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
  const sites = await seedSites(tx, business);
  await seedRegisters(tx, business, sites);
  await seedCatalogue(tx, business, sites);
  const present = await tx.prisma.user.findMany({ where: { tenantId: tx.tenantId }, select: { email: true } });
  for (const user of business.users.filter(({ email }) => !present.some((one) => one.email === email))) {
    const passwordHash = await hashPassword(demoPassword);
    await insertUser(tx, { id: uuidv7(), ...user, siteIds: null, locale: 'es', passwordHash });
  }
  await seedOdoo(tx, config, odoo);
}

interface Seeded {
  kind: 'odoo' | 'mail';
  name: string;
  settings: { url: string; database: string; login: string };
  secret: string;
  /** What the mark is made of. */
  source: object;
  sameSystem(old: { url: string; database: string }): boolean;
}

async function seedOdoo(tx: Tx, config: Config, odoo: OdooSettings): Promise<void> {
  const { url, database, login, apiKey } = odoo;
  const here = (address: string) => ['127.0.0.1', 'localhost'].includes(new URL(address).hostname);
  await seedConnection(tx, config, {
    kind: 'odoo',
    name: 'Odoo',
    settings: { url, database, login },
    secret: apiKey,
    source: odoo,
    // Another port of this machine with the same database is the same Odoo.
    sameSystem: (old) => database === old.database && here(url) && here(old.url),
  });
}

/** A business without a mail server has none: its receipts are on screen and on paper. */
async function seedMail(tx: Tx, config: Config): Promise<void> {
  if (config.mail === null) return;
  const { url, login, secret, from } = config.mail;
  await seedConnection(tx, config, {
    kind: 'mail',
    name: 'Correo',
    settings: { url, database: from, login },
    secret,
    source: config.mail,
    // Whatever was sent by the old one has its end.
    sameSystem: () => true,
  });
}

/**
 * The connection follows the environment when that changes: `settings.seed` says what it was last made from. What an
 * administrator edits on the screen stays until then.
 */
async function seedConnection(tx: Tx, config: Config, wanted: Seeded): Promise<void> {
  const { kind, name, secret } = wanted;
  const seed = createHmac('sha256', deriveKey(config.secret, 'fingerprint'))
    .update(JSON.stringify(wanted.source))
    .digest('hex');
  const settings = { ...wanted.settings, seed };
  const owner = { tenantId: tx.tenantId, kind, name };
  const box = createSecretBox(config.secret, config.previousSecret);
  const sealed = (connectionId: string) => new Uint8Array(box.seal(secret, { tenantId: tx.tenantId, connectionId }));

  const current = await tx.prisma.connection.findFirst({ where: owner });
  if (current === null) {
    const id = uuidv7();
    await tx.prisma.connection.create({ data: { ...owner, id, settings, secret: sealed(id) } });
    return;
  }
  const mark = (current.settings as { seed?: unknown }).seed;
  if (mark === undefined || mark === seed) return;
  await updateConnectionSettings(tx, current.id, {
    settings,
    secret: sealed(current.id),
    sameSystem: wanted.sameSystem(current.settings as { url: string; database: string }),
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
        const inUse = error instanceof NervioError && error.code === 'connection_in_use';
        const why = inUse ? `ODOO_URL or ODOO_DATABASE has changed. ${error.spec.en}` : String(error);
        say(60, `seeding failed: ${why}`);
        process.exitCode = 1;
      },
    );
  }
}
