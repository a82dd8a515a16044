import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Wasm from '@prisma/schema-engine-wasm';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { rootDir } from '../store/root';

/**
 * Prisma's schema engine, run as WebAssembly. `prisma migrate` downloads a native engine and fails where only package
 * registries are reached; this package is the same engine and writes the same `_prisma_migrations`, so that
 * `prisma migrate deploy` can go on elsewhere. See docs/decisions/002-migrations.md.
 */
export interface MigrationEngine {
  /** Applies what is missing and returns the names of what it applied. Safe to repeat. */
  apply(): Promise<string[]>;
  /** SQL that brings the connected database to schema.prisma; empty when they agree. */
  drift(): Promise<string>;
  /** SQL of a database that has nothing but schema.prisma. */
  initialSql(): Promise<string>;
  close(): void;
}

const prismaDir = join(rootDir, 'prisma');
const filters = { externalTables: [], externalEnums: [] };

// swc turns import() into require() for CommonJS; a loader that survives is needed for a path that require() refuses.
const importModule = new Function('url', 'return import(url)') as (url: string) => Promise<Record<string, unknown>>;

/**
 * The adapter cuts a script at every `;`, also inside a function's body or a comment. PostgreSQL takes the script whole,
 * and then it is one transaction: a migration that fails leaves nothing. That it is done is noted in that transaction too; the
 * engine's own note comes after it, and a process that is killed in between would leave a migration that nobody knows about.
 */
class WholeScripts extends PrismaPg {
  /** What PostgreSQL said; the engine reports a failure without it. */
  failure: unknown = null;

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const migrations = migrationsList().migrationDirectories;
    adapter.executeScript = async (script) => {
      const name = migrations.find(
        ({ migrationFile: { content } }) => content.tag === 'ok' && content.value === script,
      )?.path;
      const done = `\n;UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL AND rolled_back_at IS NULL`;
      try {
        await adapter.underlyingDriver().query(name === undefined ? script : script + done);
      } catch (error) {
        this.failure = error;
        throw error;
      }
    };
    return adapter;
  }
}

/** The lock under which the engine migrates (its own number). */
const engineLock = 72_707_369;

/**
 * A migration that was begun and has no end left nothing behind (it is one transaction): it failed, or its process was killed. The
 * engine refuses to go on until somebody says so. One that is under way in another process, or still at work in the
 * server after its process was killed, holds the lock.
 */
async function forgetUnfinished(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [engineLock]);
    const { rows } = await client.query<{ made: boolean }>(
      `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS made`,
    );
    if (rows[0]?.made)
      await client.query(
        'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL',
      );
  } finally {
    await client.end();
  }
}

/** The part of the WebAssembly API that is used; TypeScript has it only among the browser's types. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
  };
};

async function loadWasm(): Promise<typeof Wasm> {
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm'));
  const glue = await importModule(pathToFileURL(join(folder, 'schema_engine_bg.js')).href);
  const bytes = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': glue,
  });
  (glue.__wbg_set_wasm as (exports: object) => void)(instance.exports);
  (instance.exports.__wbindgen_start as (() => void) | undefined)?.();
  return glue as unknown as typeof Wasm;
}

function migrationsList(): MigrationList {
  const baseDir = join(prismaDir, 'migrations');
  const names = readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(baseDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(baseDir, path, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** Opens the engine on one database. `databaseUrl` must be of the owner. */
export async function openMigrationEngine(databaseUrl: string): Promise<MigrationEngine> {
  const schemaPath = join(prismaDir, 'schema.prisma');
  const schema = readFileSync(schemaPath, 'utf8');
  const wasm = await loadWasm();
  const scripts = new WholeScripts({ connectionString: databaseUrl });
  const factory = bindMigrationAwareSqlAdapterFactory(scripts);
  const engine: SchemaEngine = await wasm.SchemaEngine.new(
    { datamodels: [[schemaPath, schema]] },
    () => undefined,
    factory,
  );
  const files = { files: [{ path: schemaPath, content: schema }] };
  const sqlOf = async (from: Parameters<SchemaEngine['diff']>[0]['from']): Promise<string> => {
    const result = await engine.diff({
      from,
      to: { tag: 'schemaDatamodel', ...files },
      script: true,
      exitCode: null,
      filters,
    });
    return result.stdout ?? '';
  };
  return {
    apply: async () => {
      await forgetUnfinished(databaseUrl);
      try {
        return (await engine.applyMigrations({ migrationsList: migrationsList(), filters })).appliedMigrationNames;
      } catch (error) {
        throw scripts.failure ?? error;
      }
    },
    drift: () => sqlOf({ tag: 'schemaDatasource', ...files, configDir: prismaDir }),
    initialSql: () => sqlOf({ tag: 'empty' }),
    close: () => engine.free(),
  };
}
