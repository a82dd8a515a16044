import pg from 'pg';
import { openMigrationEngine } from './engine';

/**
 * Do schema.prisma and the migrations say the same? Makes two databases on the server of DATABASE_URL, one by the
 * migrations and one from schema.prisma alone, and compares their catalogues: every column both ways, and every index of
 * schema.prisma. Foreign keys, checks, partial indexes, policies and functions are the migrations' own.
 */
const columnsQuery = `
  SELECT format('%s.%s %s%s%s', c.table_name, c.column_name,
    format_type(a.atttypid, a.atttypmod),
    CASE c.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END,
    coalesce(' DEFAULT ' || c.column_default, '')) AS line
  FROM information_schema.columns c
  JOIN pg_attribute a ON a.attrelid = format('%I.%I', c.table_schema, c.table_name)::regclass AND a.attname = c.column_name
  WHERE c.table_schema = 'public' AND c.table_name <> '_prisma_migrations' ORDER BY 1`;
const indexesQuery = `
  SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function catalogue(url: string): Promise<{ columns: Set<string>; indexes: Set<string> }> {
  return withClient(url, async (client) => {
    const lines = async (query: string) =>
      new Set((await client.query<{ line: string }>(query)).rows.map((row) => row.line));
    return { columns: await lines(columnsQuery), indexes: await lines(indexesQuery) };
  });
}

const missing = (from: Set<string>, to: Set<string>, what: string) =>
  [...from].filter((line) => !to.has(line)).map((line) => `${what}: ${line}`);

/** Returns one line per disagreement. `serverUrl`: an owner that may create databases. */
export async function disagreements(serverUrl: string): Promise<string[]> {
  const name = `nervio_check_${process.pid}`;
  const urlOf = (database: string) => {
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  const [migrated, modelled] = [`${name}_migrated`, `${name}_modelled`];
  return withClient(serverUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${migrated}`);
    await admin.query(`CREATE DATABASE ${modelled}`);
    try {
      const engine = await openMigrationEngine(urlOf(migrated));
      const sql = await engine.apply().then(() => engine.initialSql());
      engine.close();
      await withClient(urlOf(modelled), async (client) => {
        // Named by a default of the model, made by the migration.
        await client.query('CREATE SEQUENCE operation_number_seq');
        await client.query('CREATE SEQUENCE stock_document_number_seq');
        await client.query(sql);
      });
      const is = await catalogue(urlOf(migrated));
      const should = await catalogue(urlOf(modelled));
      return [
        ...missing(should.columns, is.columns, 'in schema.prisma, not in the migrations'),
        ...missing(is.columns, should.columns, 'in the migrations, not in schema.prisma'),
        ...missing(should.indexes, is.indexes, 'index in schema.prisma, not in the migrations'),
      ];
    } finally {
      await admin.query(`DROP DATABASE ${migrated} WITH (FORCE)`);
      await admin.query(`DROP DATABASE ${modelled} WITH (FORCE)`);
    }
  });
}

if (require.main === module) {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set');
  disagreements(url).then(
    (lines) => {
      for (const line of lines) console.log(line);
      process.exit(lines.length === 0 ? 0 : 1);
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
