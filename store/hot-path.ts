import pg from 'pg';
import { createAfterCommit, type CommitListeners, type Tx } from './db';
import { statementName } from './statement-name';
import { type Statement, Trip } from './trip';

/**
 * Connections of their own for what is asked a thousand times a second: plain `pg`, one prepared statement per text, and
 * statements that do not wait for one another's rows go in one trip (`Trip`). No Prisma on this path.
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

/** What an array's text must quote; so must be what would be read as NULL or as nothing. One class alone is what is found fastest. */
const special = /[\s"\\{},]/;

const elementOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  const text = String(value);
  const quoted = special.test(text) || text === '' || (text.length === 4 && text.toLowerCase() === 'null');
  return quoted ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
};

/** A value as PostgreSQL reads it. Arrays of ids and numbers are most of what goes out; `pg` would quote and escape each element. */
function prepared(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return `{${value.map(elementOf).join(',')}}`;
  if (typeof value === 'object' || typeof value === 'function')
    throw new TypeError('A value is neither scalar nor array');
  return String(value as string | number | bigint | boolean);
}

/** Statements of one transaction: what is asked in one turn of the event loop, or while others are on their way, goes together. */
class Conversation {
  private waiting: Statement[] = [];
  private underWay = false;

  constructor(private readonly client: pg.PoolClient) {}

  ask(text: string, values: readonly unknown[] = []): Promise<{ rows: unknown[]; command: string }> {
    return new Promise((resolve, reject) => {
      this.waiting.push({
        name: statementName(text),
        text,
        values: values.map(prepared),
        resolve: (rows, command) => resolve({ rows, command }),
        reject,
      });
      if (this.waiting.length === 1) process.nextTick(() => this.send());
    });
  }

  private send(): void {
    if (this.underWay || this.waiting.length === 0) return;
    this.underWay = true;
    const statements = this.waiting;
    this.waiting = [];
    this.client.query(
      new Trip(this.client, statements, () => {
        this.underWay = false;
        // What was asked because of an answer of this trip is asked by then.
        process.nextTick(() => this.send());
      }),
    );
  }
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
      const conversation = new Conversation(client);
      let over = false;
      const query = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> => {
        if (over) throw new Error('The transaction has ended');
        return (await conversation.ask(text, values)).rows as Row[];
      };
      let broken: Error | undefined;
      try {
        // Sent together with the first statements of `fn`; when one of these fails, those behind it fail too.
        const begun = Promise.all([
          conversation.ask('BEGIN'),
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
        const [{ command }] = await Promise.all([conversation.ask('COMMIT'), ...written]);
        if (command !== 'COMMIT') throw new Error(`A statement had failed: the transaction ended with ${command}`);
        after.tell();
        return result;
      } catch (error) {
        over = true;
        await conversation.ask('ROLLBACK').catch((reason: Error) => {
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
