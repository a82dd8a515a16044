import pg from 'pg';
import { loadConfig } from '../domain/config';
import { appPassword } from '../store/roles';
import { openMigrationEngine } from './engine';

/** Applies the missing migrations and lets the application role log in. Returns the names of what was applied. */
export async function migrate(ownerUrl: string, secret: string): Promise<string[]> {
  const engine = await openMigrationEngine(ownerUrl);
  let applied: string[];
  try {
    applied = await engine.apply();
  } finally {
    engine.close();
  }
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    // A statement without parameters: the password is hex of our own making.
    await client.query(`ALTER ROLE nervio_app LOGIN PASSWORD '${appPassword(secret)}'`);
  } finally {
    await client.end();
  }
  return applied;
}

if (require.main === module) {
  const config = loadConfig(process.env);
  migrate(config.database.ownerUrl, config.secret).then(
    (applied) => {
      console.log(JSON.stringify({ level: 30, msg: 'migrated', applied }));
      process.exit(0);
    },
    (error: unknown) => {
      console.error(JSON.stringify({ level: 50, msg: 'migration failed', error: String(error) }));
      process.exit(1);
    },
  );
}
