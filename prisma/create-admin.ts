import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { hashPassword, requireStrongPassword } from '../store/passwords';
import { NervioError } from '../domain/errors';
import { audit } from '../store/audit';
import { readConfig } from '../store/configuration';
import { createDatabase, type Database, type Tx } from '../store/db';
import { appUrlOf } from '../store/roles';
import { insertUser } from '../store/users';

/** TEN-16: the first administrator of a business; the business itself is made when there is none by that name. */
export interface FirstAdmin {
  slug: string;
  tenantName: string;
  email: string;
  name: string;
  password: string;
}

/** @throws NervioError weak_password, email_taken */
export async function createAdmin(db: Database, admin: FirstAdmin): Promise<{ tenantId: string; newTenant: boolean }> {
  const email = admin.email.trim().toLowerCase();
  requireStrongPassword(admin.password, { email, name: admin.name });
  const known = await findTenant(db, admin.slug);
  const tenantId = known ?? uuidv7();
  await db.withTenant(tenantId, async (tx) => {
    if (known === null) {
      await tx.prisma.tenant.create({ data: { id: tenantId, slug: admin.slug, name: admin.tenantName } });
    }
    await insertAdmin(tx, { ...admin, email });
  });
  return { tenantId, newTenant: known === null };
}

async function insertAdmin(tx: Tx, admin: FirstAdmin): Promise<void> {
  const id = uuidv7();
  const passwordHash = await hashPassword(admin.password);
  const made = await insertUser(tx, {
    id,
    email: admin.email,
    name: admin.name,
    role: 'admin',
    siteIds: null,
    locale: 'es',
    passwordHash,
  });
  if (!made) throw new NervioError('email_taken');
  await audit(
    tx,
    { userId: null, name: 'create-admin' },
    {
      action: 'user.created',
      entityType: 'user',
      entityId: id,
      after: { email: admin.email, name: admin.name, role: 'admin' },
    },
  );
}

/** Tenants are only seen from within, so each is asked for its name. */
async function findTenant(db: Database, slug: string): Promise<string | null> {
  for (const id of await db.definer.listTenants()) {
    const found = await db.withTenant(id, (tx) => tx.prisma.tenant.findFirst({ where: { id, slug } }));
    if (found !== null) return id;
  }
  return null;
}

const usage = `Usage: node dist/prisma/create-admin.js --tenant <short-name> --email <e-mail> [--tenant-name <name>] [--name <name>]
The password is taken from NERVIO_ADMIN_PASSWORD; without it, one is made and shown once.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string' },
      'tenant-name': { type: 'string' },
      email: { type: 'string' },
      name: { type: 'string' },
    },
  });
  const { tenant, email } = values;
  if (!tenant || !email || !/^[a-z0-9-]{2,40}$/.test(tenant) || !/^[^@\s]+@[^@\s]+$/.test(email))
    throw new Error(usage);
  const config = readConfig();
  const given = process.env.NERVIO_ADMIN_PASSWORD;
  const password = given ?? randomBytes(12).toString('base64url');
  const db = createDatabase({
    url: appUrlOf(config),
    poolMax: 1,
  });
  try {
    const { newTenant } = await createAdmin(db, {
      slug: tenant,
      tenantName: values['tenant-name'] ?? tenant,
      email,
      name: values.name ?? email,
      password,
    });
    console.log(`${newTenant ? 'Made the business' : 'Found the business'} «${tenant}»; ${email} can log in now.`);
    if (given === undefined) console.log(`Password (shown only now): ${password}`);
  } finally {
    await db.close();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
