import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Wasm from '@prisma/schema-engine-wasm';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
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
 * and then it is one transaction: a migration that fails leaves nothing.
 */
class WholeScripts extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
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
  const factory = bindMigrationAwareSqlAdapterFactory(new WholeScripts({ connectionString: databaseUrl }));
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
    apply: async () =>
      (await engine.applyMigrations({ migrationsList: migrationsList(), filters })).appliedMigrationNames,
    drift: () => sqlOf({ tag: 'schemaDatasource', ...files, configDir: prismaDir }),
    initialSql: () => sqlOf({ tag: 'empty' }),
    close: () => engine.free(),
  };
}
