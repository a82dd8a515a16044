import type { Writable } from 'node:stream';
import pg from 'pg';
import { createAfterCommit, type CommitListeners, type Tx } from './db';
import { statementName } from './statement-name';

/**
 * Connections of their own for what is asked a thousand times a second: plain `pg`, one prepared statement per text, and
 * pipelined: statements that do not wait for one another's rows go in one trip. No Prisma on this path.
 */
export interface HotPath {
  /**
   * One transaction of one tenant, as `Database.withTenant`. Statements run in the order in which they were asked, whether or
   * not the one before was awaited.
   */
  withTenant<T>(tenantId: string, fn: (tx: HotTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What the hot path has of a transaction. */
export interface HotTx extends Pick<Tx, 'tenantId' | 'query' | 'hint' | 'stockChanged'> {
  /**
   * A statement whose answer nobody needs goes in one trip with the commit, which it can still prevent. It has to be asked already:
   * what follows it only when it has ended comes too late.
   */
  atLast(written: Promise<unknown>): void;
}

export interface HotPathOptions extends CommitListeners {
  /** URL of the application role. */
  url: string;
  poolMax?: number;
  /** Longest wait for a free connection, ms. */
  connectMs?: number;
  statementMs?: number;
  onError?: (error: Error) => void;
}

/** What an array's text must quote, or what would be read as NULL or as nothing. */
const special = /^$|[\s"\\{},]|^null$/i;

const elementOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  const text = String(value);
  return special.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
};

/** Arrays of ids and numbers are most of what goes out; `pg` would quote and escape each element. */
const prepared = (value: unknown): unknown => (Array.isArray(value) ? `{${value.map(elementOf).join(',')}}` : value);

/** What is asked in one turn of the event loop leaves in one write, not in one for each statement. */
function together(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

export function createHotPath(options: HotPathOptions): HotPath {
  const { poolMax = 6, connectMs = 5_000, statementMs = 15_000 } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: poolMax,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    pipeline: true,
  });
  // The pool listens to connections that rest. One that is lent out and breaks tells nobody but its own listeners, and an
  // `error` without a listener ends the process: the statements under way fail by themselves.
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)));
  pool.on('error', () => {
    // Told by the connection already; the pool has let it go.
  });

  return {
    async withTenant(tenantId, fn) {
      const after = createAfterCommit(tenantId, options);
      const client = await pool.connect();
      let over = false;
      const query = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> => {
        if (over) throw new Error('The transaction has ended');
        together(client);
        const result = await client.query({ name: statementName(text), text, values: values.map(prepared) });
        return result.rows as Row[];
      };
      let broken: Error | undefined;
      try {
        // Sent together with the first statements of `fn`; when one of these fails, those behind it fail too.
        together(client);
        const begun = Promise.all([
          client.query('BEGIN'),
          query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]),
        ]);
        const written: Promise<unknown>[] = [];
        const atLast = (last: Promise<unknown>): void => {
          written.push(last);
          // Looked at with the commit.
          last.catch(() => undefined);
        };
        const result = await allEnded(fn({ ...after, tenantId, query, atLast }), begun, written);
        over = true;
        const [{ command }] = await Promise.all([client.query('COMMIT'), ...written]);
        if (command !== 'COMMIT') throw new Error(`A statement had failed: the transaction ended with ${command}`);
        after.tell();
        return result;
      } catch (error) {
        over = true;
        await client.query('ROLLBACK').catch((reason: Error) => {
          // The connection is gone, and the transaction with it.
          broken = reason;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** What `work` came to, once `begun` has ended as well: nobody may go on with a connection that is given back. */
async function allEnded<T>(
  work: Promise<T>,
  begun: Promise<unknown>,
  written: readonly Promise<unknown>[],
): Promise<T> {
  const [beginning, result] = await Promise.allSettled([begun, work]);
  if (beginning.status === 'fulfilled' && result.status === 'fulfilled') return result.value;
  await Promise.allSettled(written);
  // Why it could not begin says more than what failed behind it.
  throw beginning.status === 'rejected' ? beginning.reason : (result as PromiseRejectedResult).reason;
}
