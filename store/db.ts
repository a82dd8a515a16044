import { PrismaPg } from '@prisma/adapter-pg';
import { createDefiner, type Definer } from './definer';
import { PrismaClient, type Prisma } from './generated/client';

/** Plain SQL with `$1` placeholders. Columns come back as the database names them; int8 as bigint, timestamptz as Date. */
export interface Sql {
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Someone else should look at once instead of at its next poll. Lost hints cost a second, never correctness. */
export type HintTopic = 'outbox' | 'feed';
export interface Hint {
  topic: HintTopic;
  tenantId: string;
}

/** One transaction of one tenant: row-level security shows and accepts only that tenant's rows. */
export interface Tx extends Sql {
  readonly tenantId: string;
  readonly prisma: Prisma.TransactionClient;
  /** Published after the commit, once per topic. */
  hint(topic: HintTopic): void;
}

export interface Database {
  /** The way to the tables, in workers too. Commits when `fn` returns, rolls back when it throws. */
  withTenant<T>(tenantId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** The questions that go across tenants: ids only. */
  readonly definer: Definer;
  /** For what belongs to the installation (processes), not to a tenant. Tenants' tables show nothing here. */
  readonly installation: Sql;
  /** Round trip in ms; rejects when the database does not answer. */
  ping(): Promise<number>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** URL of the application role. */
  url: string;
  poolMax?: number;
  /** Longest wait for a free connection, ms. */
  connectMs?: number;
  statementMs?: number;
  onHint?: (hint: Hint) => void;
  onError?: (error: Error) => void;
}

function sqlOf(client: Pick<Prisma.TransactionClient, '$queryRawUnsafe'>): Sql {
  return {
    query: <Row>(text: string, values: unknown[] = []) => client.$queryRawUnsafe<Row[]>(text, ...values),
  };
}

export function createDatabase(options: DatabaseOptions): Database {
  const { poolMax = 10, connectMs = 5_000, statementMs = 15_000 } = options;
  const adapter = new PrismaPg(
    {
      connectionString: options.url,
      max: poolMax,
      connectionTimeoutMillis: connectMs,
      statement_timeout: statementMs,
      idle_in_transaction_session_timeout: statementMs,
    },
    { onPoolError: (error) => options.onError?.(error) },
  );
  const prisma = new PrismaClient({ adapter });
  const outside = sqlOf(prisma);

  return {
    definer: createDefiner(outside),
    installation: outside,
    async withTenant(tenantId, fn) {
      const hints = new Set<HintTopic>();
      const result = await prisma.$transaction(
        async (client) => {
          const sql = sqlOf(client);
          await sql.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
          return fn({ ...sql, tenantId, prisma: client, hint: (topic) => hints.add(topic) });
        },
        { maxWait: connectMs, timeout: statementMs },
      );
      for (const topic of hints) options.onHint?.({ topic, tenantId });
      return result;
    },
    async ping() {
      const began = performance.now();
      await outside.query('SELECT 1');
      return performance.now() - began;
    },
    close: () => prisma.$disconnect(),
  };
}
