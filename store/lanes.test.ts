import fc from 'fast-check';
import { NervioError } from '../domain/errors';
import { startCore, type Core } from '../test/support/core';
import { eventually } from '../test/support/eventually';
import { lockOperation, moveOperation, newAttempt } from './operations';
import { palletLanes } from './pallet-moves';

let core: Core;
beforeAll(async () => {
  core = await startCore({ poolMax: 12 });
});
afterAll(async () => {
  // A backend tells its numbers when it is idle for a second, or goes.
  await core.db.close();
  const [row] = await core.database.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(row?.deadlocks).toBe('0');
  await core.database.drop();
});

interface Standing {
  id: string;
  state: string;
  lanes_ahead: number;
  really_ahead: string;
  lanes: string;
  starts: string;
}

/** What must hold between any two transactions. */
async function checkLanes(): Promise<void> {
  const rows = await core.database.query<Standing>(
    `SELECT o.id, o.state, o.lanes_ahead,
       (SELECT count(*) FROM operation_lane m WHERE m.operation_id = o.id AND EXISTS (
          SELECT FROM operation_lane x WHERE x.tenant_id = m.tenant_id AND x.key = m.key AND x.ticket < m.ticket)) AS really_ahead,
       (SELECT count(*) FROM operation_lane m WHERE m.operation_id = o.id) AS lanes,
       (SELECT count(*) FROM outbox b WHERE b.operation_id = o.id AND b.action = 'start') AS starts
     FROM operation o`,
  );
  for (const row of rows) {
    const stands = ['pending', 'syncing', 'waiting', 'compensating'].includes(row.state);
    expect({ ...row, stands: Number(row.lanes) > 0 }).toEqual({ ...row, stands });
    if (!stands) continue;
    expect([row.id, row.lanes_ahead]).toEqual([row.id, Number(row.really_ahead)]);
    if (row.state === 'pending') expect([row.id, Number(row.starts)]).toEqual([row.id, row.lanes_ahead === 0 ? 1 : 0]);
    else expect([row.id, row.lanes_ahead]).toEqual([row.id, 0]);
  }
}

/** Refusals are an answer; anything else (a deadlock, a negative count) is not. */
async function allowRefusals(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof NervioError) || error.spec.status >= 500) throw error;
  }
}

type Deed =
  { do: 'accept'; pallets: number[] } | { do: 'end' | 'attention' | 'retry' | 'cancel' | 'wait'; whom: number };

const pallets = ['A', 'B', 'C', 'D', 'E'];
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('accept' as const), pallets: fc.uniqueArray(fc.nat(4), { minLength: 1 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('end', 'attention', 'retry', 'cancel', 'wait'), whom: fc.nat(30) }),
  },
);

/** One life: batches of deeds, each batch at once in transactions of their own. */
class Life {
  readonly ids: string[] = [];
  readonly taken: string[] = [];

  constructor(private readonly prefix: string) {}

  async perform(deed: Deed): Promise<void> {
    if (deed.do === 'accept') {
      const codes = deed.pallets.map((index) => `${this.prefix}-${pallets[index]}`);
      this.ids.push(await core.accept(codes));
      return;
    }
    const id = this.ids[deed.whom % Math.max(this.ids.length, 1)];
    if (!id) return;
    switch (deed.do) {
      case 'end':
        await this.take(id);
        await core.move(id, { to: 'synced', unlessCancelled: true });
        return;
      case 'attention':
        await this.take(id);
        await core.move(id, { to: 'needs_attention', from: ['syncing'], error: { code: 'odoo_refused' } });
        return;
      case 'wait':
        await this.take(id);
        await core.move(id, { to: 'waiting', from: ['syncing'] });
        return;
      case 'retry':
        await core.retry(id);
        return;
      case 'cancel':
        await core.cancel(id);
    }
  }

  /** Everybody's turn comes: whoever has been handed over is ended, until nobody is left. */
  async drain(): Promise<void> {
    for (let round = 0; round <= this.ids.length; round++) {
      const rows = await Promise.all(this.ids.map((id) => core.read(id)));
      const open = rows.filter((row) => ['pending', 'syncing', 'waiting', 'compensating'].includes(row.state));
      if (open.length === 0) return;
      const next = open.filter((row) => row.lanesAhead === 0);
      expect(next.length).toBeGreaterThan(0);
      await Promise.all(
        next.map(async (row) => {
          await this.take(row.id);
          await core.move(row.id, { to: 'compensating', from: ['waiting'] });
          await core.move(row.id, { to: 'compensated', from: ['compensating'] });
          await core.move(row.id, { to: 'synced', from: ['syncing'] });
        }),
      );
      await checkLanes();
    }
    throw new Error('somebody never had a turn');
  }

  private async take(id: string): Promise<void> {
    const { attempt } = await core.read(id);
    const row = await core.take(id, `run-${id}-${attempt}`);
    if (row) this.taken.push(`${id}/${attempt}`);
  }
}

describe('lanes', () => {
  it('keep the order of acceptance and starve nobody, whatever happens at once', async () => {
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(deed, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        async (batches) => {
          const life = new Life(`L${++serial}`);
          for (const batch of batches) {
            await Promise.all(batch.map((one) => allowRefusals(life.perform(one))));
            await checkLanes();
          }
          await life.drain();
          await checkOrder(life);
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  /** Tickets of a pallet rise in the order of acceptance, and first attempts were taken in that order. */
  async function checkOrder(life: Life): Promise<void> {
    const firsts = life.taken.filter((one) => one.endsWith('/1')).map((one) => one.slice(0, -2));
    const rows = await core.database.query<{ id: string; number: string; code: string; attempt: number }>(
      `SELECT o.id, o.number, l.code, o.attempt FROM operation o JOIN pallet_move_line l ON l.operation_id = o.id
       WHERE o.id = ANY($1::uuid[]) ORDER BY o.number`,
      [life.ids],
    );
    for (const code of new Set(rows.map((row) => row.code))) {
      const accepted = rows.filter((row) => row.code === code).map((row) => row.id);
      const turns = [...new Set(firsts)].filter((id) => accepted.includes(id));
      expect(turns).toEqual(accepted.filter((id) => turns.includes(id)));
    }
  }

  it('lets what touches nothing in common run side by side', async () => {
    const [one, two] = [await core.accept(['side-1']), await core.accept(['side-2'])];
    expect([(await core.read(one)).lanesAhead, (await core.read(two)).lanesAhead]).toEqual([0, 0]);
  });

  it('hands over only who is first in all its lanes', async () => {
    const a = await core.accept(['both-1']);
    const b = await core.accept(['both-2']);
    const both = await core.accept(['both-1', 'both-2']);
    expect((await core.read(both)).lanesAhead).toBe(2);
    await core.take(a);
    await core.move(a, { to: 'synced' });
    expect((await core.read(both)).lanesAhead).toBe(1);
    expect(await core.take(both)).toBeNull();
    await core.take(b);
    await core.move(b, { to: 'synced' });
    expect(await core.take(both)).not.toBeNull();
  });

  it('a cancel in the middle of a lane lets nobody pass before the first has ended', async () => {
    const ids = [
      await core.accept(['mid']),
      await core.accept(['mid'], { destination: 'CAM-02' }),
      await core.accept(['mid'], { destination: 'CAM-03' }),
    ];
    await core.cancel(ids[1]!);
    expect(await core.take(ids[2]!)).toBeNull();
    await core.cancel(ids[0]!);
    expect(await core.take(ids[2]!)).not.toBeNull();
  });

  it('needs_attention with something left in Odoo keeps its lanes; with nothing left it leaves them and a retry joins at the end', async () => {
    const first = await core.accept(['keep']);
    const second = await core.accept(['keep'], { destination: 'CAM-02' });
    await core.take(first);
    await core.move(first, { to: 'needs_attention', outside: 'present', error: { code: 'undo_failed' } });
    expect(await core.take(second)).toBeNull();
    await core.retry(first);
    expect((await core.read(first)).lanesAhead).toBe(0);
    await core.take(first);
    await core.move(first, { to: 'needs_attention', outside: 'none', error: { code: 'odoo_refused' } });
    expect(await core.take(second)).not.toBeNull();
    await core.retry(first);
    expect((await core.read(first)).lanesAhead).toBe(1);
  });

  it('lock in one order whatever the collation of the database says', async () => {
    const codes = ['b', 'A', 'a', 'B', 'ñ', 'Z', '~', '-'];
    const id = await core.accept(codes.map((code) => `coll-${code}`));
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        core.accept(
          [...codes].sort(() => (index % 2 ? 1 : -1)).map((code) => `coll-${code}`),
          { destination: index % 2 ? 'CAM-02' : 'CAM-03' },
        ),
      ),
    );
    expect(await core.cancel(id)).toBe('cancelled');
    await checkLanes();
  });

  it('a retry, a cancel and the end of who stands ahead at once do not wait for each other in a circle', async () => {
    const code = 'circle';
    const late = await core.accept([code]);
    await core.take(late);
    await core.move(late, { to: 'needs_attention', error: { code: 'odoo_refused' } });
    const ahead = await core.accept([code], { destination: 'CAM-02' });
    await core.take(ahead);

    let commit: () => void = () => undefined;
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let joined: () => void = () => undefined;
    const hasJoined = new Promise<void>((resolve) => (joined = resolve));
    const retried = core.tx(async (tx) => {
      const operation = (await lockOperation(tx, late))!;
      await newAttempt(tx, operation, 'pending', { code: 'retried', lanes: palletLanes(core.connectionId, [code]) });
      joined();
      await mayCommit;
    });
    try {
      await hasJoined;
      const cancelled = core.cancel(late);
      await eventually(waiting, (count) => count === 1);
      const ended = core.tx((tx) => moveOperation(tx, ahead, { to: 'synced', code: 'synced' }));
      const both = Promise.allSettled([cancelled, ended]);
      await eventually(waiting, (count) => count === 2);
      commit();
      expect(await both).toMatchObject([{ value: 'cancelled' }, { value: { state: 'synced' } }]);
    } finally {
      commit();
      await retried;
    }
    await checkLanes();
  });

  /** Transactions of this database that wait for a lock. */
  async function waiting(): Promise<number> {
    const rows = await core.database.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length;
  }
});
