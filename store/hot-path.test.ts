import pg from 'pg';
import { createBusiness, type TestBusiness } from '../test/support/business';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { eventually } from '../test/support/eventually';
import { createHotPath, type HotPath, type HotTx } from './hot-path';
import { isUnavailable } from './unavailable';

/** An `error` event that nobody listens to would end this process, as it would the API: then nothing here passes. */
let database: TestDatabase;
let business: TestBusiness;
let hot: HotPath;
let lost: Error[];

beforeAll(async () => {
  database = await createTestDatabase();
  business = await createBusiness(database, 'demo');
});
afterAll(() => database.drop());
beforeEach(() => {
  lost = [];
  hot = createHotPath({ url: database.appUrl, poolMax: 1, onError: (error) => lost.push(error) });
});
afterEach(() => hot.close());

const pidOf = async (tx: HotTx): Promise<number> =>
  (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid;
const inTenant = <T>(fn: (tx: HotTx) => Promise<T>): Promise<T> => hot.withTenant(business.tenantId, fn);
const kill = (pid: number) => database.query('SELECT pg_terminate_backend($1)', [pid]);
const untilTold = () =>
  eventually(
    () => lost.length,
    (count) => count > 0,
  );
/** The one place of the pool is free again, with a connection that works. */
const expectServed = async (dead: number): Promise<void> => expect(await inTenant(pidOf)).not.toBe(dead);

describe('a connection that PostgreSQL ends', () => {
  it('while it rests is replaced', async () => {
    const pid = await inTenant(pidOf);
    await kill(pid);
    await untilTold();
    await expectServed(pid);
  });

  it('between two statements of a transaction fails that transaction alone', async () => {
    let pid = 0;
    const work = inTenant(async (tx) => {
      pid = await pidOf(tx);
      await kill(pid);
      await untilTold();
      return tx.query('SELECT 1');
    });
    expect(await work.catch(isUnavailable)).toBe(true);
    await expectServed(pid);
  });

  it('in the middle of a statement fails it and those behind it', async () => {
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(7240200)');
    let pid = 0;
    const ends: PromiseSettledResult<unknown>[] = [];
    const work = inTenant(async (tx) => {
      pid = await pidOf(tx);
      ends.push(
        ...(await Promise.allSettled([
          tx.query('SELECT pg_advisory_xact_lock(7240200)'),
          tx.query('SELECT 1'),
          tx.query('SELECT 2'),
        ])),
      );
    });
    const waiting = () =>
      database.query(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`);
    const [row] = await eventually(waiting, (rows) => rows.length === 1);
    await kill((row as { pid: number }).pid);
    expect(await work.catch(isUnavailable)).toBe(true);
    expect(ends.map((end) => end.status === 'rejected' && isUnavailable(end.reason))).toEqual([true, true, true]);
    await holder.end();
    await expectServed(pid);
  });
});

describe('a transaction', () => {
  it('that fails leaves nothing behind, and its place is free', async () => {
    const insert = (tx: HotTx) =>
      tx.query(`INSERT INTO size (tenant_id, id, name, position) VALUES ($1, gen_random_uuid(), 'X', 99)`, [
        business.tenantId,
      ]);
    await expect(
      inTenant(async (tx) => {
        await insert(tx);
        throw new Error('thought better of it');
      }),
    ).rejects.toThrow('thought better of it');
    await expect(inTenant((tx) => Promise.all([insert(tx), tx.query('SELECT 1 / 0')]))).rejects.toMatchObject({
      code: '22012',
    });
    expect(await database.query(`SELECT FROM size WHERE name = 'X'`)).toEqual([]);
  });

  it('does not commit when a failed statement was overlooked', async () => {
    const overlooked = inTenant(async (tx) => {
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(overlooked).rejects.toThrow('the transaction ended with ROLLBACK');
  });

  it('sends what is written at last with the commit, which it can prevent', async () => {
    const name = (text: string) => (tx: HotTx) => {
      tx.atLast(
        tx.query(`INSERT INTO size (tenant_id, id, name, position) VALUES ($1, gen_random_uuid(), ${text}, 98)`, [
          business.tenantId,
        ]),
      );
      return Promise.resolve('told');
    };
    expect(await inTenant(name(`'Y'`))).toBe('told');
    await expect(inTenant(name('NULL'))).rejects.toMatchObject({ code: '23502' });
    expect(await database.query('SELECT name FROM size WHERE position = 98')).toEqual([{ name: 'Y' }]);
  });

  it('takes no statement once it has ended', async () => {
    let kept: HotTx | undefined;
    await inTenant((tx) => {
      kept = tx;
      return tx.query('SELECT 1');
    });
    await expect(kept!.query('SELECT 1')).rejects.toThrow('has ended');
  });
});
