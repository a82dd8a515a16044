import pg from 'pg';
import type { Config } from '../domain/config';
import { readConfig } from '../store/configuration';
import { openMigrationEngine } from './engine';
import { DatabaseRefused, letApplicationIn, requireOwnDatabase } from './roles';

async function applyAll(ownerUrl: string): Promise<string[]> {
  const engine = await openMigrationEngine(ownerUrl);
  try {
    return await engine.apply();
  } finally {
    engine.close();
  }
}

const migrateLock = 7_240_002;

/** Applies the missing migrations and lets the application's role log in. Returns the names of what was applied. */
export async function migrate(config: Config): Promise<string[]> {
  const { ownerUrl } = config.database;
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    // Two at once, of two machines say: one after the other.
    await owner.query('SELECT pg_advisory_lock($1)', [migrateLock]);
    await requireOwnDatabase(owner, config);
    const applied = await applyAll(ownerUrl);
    await letApplicationIn(owner, config);
    return applied;
  } finally {
    await owner.end();
  }
}

const insufficientPrivilege = '42501';

/** One line for whoever starts Nervio. */
function lineOf(error: unknown): string {
  if (error instanceof DatabaseRefused) return error.message;
  const text = String(error);
  return (error as pg.DatabaseError).code === insufficientPrivilege
    ? `The owner of DATABASE_URL may not do what a migration needs (${text}). It has to own the database and either may create roles, or gets them made: docs/operations.md says which, and DATABASE_APP_URL names the application's.`
    : `migration failed: ${text}`;
}

if (require.main === module) {
  migrate(readConfig()).then(
    (applied) => {
      console.log(JSON.stringify({ level: 30, msg: 'migrated', applied }));
      process.exit(0);
    },
    (error: unknown) => {
      console.error(JSON.stringify({ level: 60, role: 'migrate', msg: lineOf(error) }));
      process.exit(1);
    },
  );
}
