import { PrismaPg } from '@prisma/adapter-pg';
import type { OperationKind, OperationState } from '../domain/operation';
import { createDefiner, type Definer } from './definer';
import { PrismaClient, type Prisma } from './generated/client';
import { statementName } from './statement-name';

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

/** An operation that came to its end, or to rest. */
export interface EndedOperation {
  kind: OperationKind;
  state: OperationState;
  /** Since it was accepted. */
  seconds: number;
  /** Why it rests. */
  errorCode: string | null;
}

/** A level as a transaction left it. Quantities in thousandths. */
export interface ChangedLevel {
  siteId: string;
  variantId: string;
  onHand: number;
  held: number;
  /** Orders what is heard of one level: commits of two processes may be told the other way round. */
  version: number;
}

/** What others hear of a transaction, and only when it was committed. */
export interface AfterCommit {
  /** Published after the commit, once per topic. */
  hint(topic: HintTopic): void;
  /** Told after the commit. */
  ended(operation: EndedOperation): void;
  /** Told after the commit, a level once, as it stood last. */
  stockChanged(levels: readonly ChangedLevel[]): void;
}

/** One transaction of one tenant: row-level security shows and accepts only that tenant's rows. */
export interface Tx extends Sql, AfterCommit {
  readonly tenantId: string;
  readonly prisma: Prisma.TransactionClient;
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

export interface DatabaseOptions extends CommitListeners {
  /** URL of the application role. */
  url: string;
  poolMax?: number;
  /** Longest wait for a free connection, ms. */
  connectMs?: number;
  statementMs?: number;
  onError?: (error: Error) => void;
}

/** Who hears of commits. They are told, not asked: what they do with it is no part of the command. */
export interface CommitListeners {
  onHint?: (hint: Hint) => void;
  onEnded?: (operation: EndedOperation) => void;
  onStock?: (tenantId: string, levels: ChangedLevel[]) => void;
}

/** Collects what a transaction has to tell; `tell` when it was committed. Every maker of a Tx uses it. */
export function createAfterCommit(tenantId: string, listeners: CommitListeners): AfterCommit & { tell(): void } {
  const hints = new Set<HintTopic>();
  const ends: EndedOperation[] = [];
  const levels = new Map<string, ChangedLevel>();
  return {
    hint: (topic) => void hints.add(topic),
    ended: (operation) => void ends.push(operation),
    stockChanged(changed) {
      for (const level of changed) levels.set(`${level.siteId}/${level.variantId}`, level);
    },
    tell() {
      for (const topic of hints) listeners.onHint?.({ topic, tenantId });
      for (const operation of ends) listeners.onEnded?.(operation);
      if (levels.size > 0) listeners.onStock?.(tenantId, [...levels.values()]);
    },
  };
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
    { onPoolError: (error) => options.onError?.(error), statementNameGenerator: ({ sql }) => statementName(sql) },
  );
  const prisma = new PrismaClient({ adapter });
  const outside = sqlOf(prisma);

  return {
    definer: createDefiner(outside),
    installation: outside,
    async withTenant(tenantId, fn) {
      const after = createAfterCommit(tenantId, options);
      const result = await prisma.$transaction(
        async (client) => {
          const sql = sqlOf(client);
          await sql.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
          return fn({ ...sql, ...after, tenantId, prisma: client });
        },
        { maxWait: connectMs, timeout: statementMs },
      );
      after.tell();
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
