import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type Core, startCore } from '../test/support/core';
import { createCleanUpActivities, type CleanedUp } from './clean-up';

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());

const cleanUp = (pageSize?: number) => {
  const { cleanUp: run } = createCleanUpActivities({ db: core.db, ...(pageSize !== undefined && { pageSize }) });
  return new MockActivityEnvironment().run(run) as Promise<CleanedUp>;
};
const ago = (text: string) => `clock_timestamp() - interval '${text}'`;

/** A session, seen and revoked so long ago (null: not revoked), with a refresh token used so long ago (null: unused). */
async function session(seen: string, revoked: string | null, used: (string | null)[] = [null]): Promise<string> {
  const id = randomUUID();
  const { tenantId, users } = core.business;
  await core.database.query(
    `INSERT INTO session (tenant_id, id, user_id, created_at, last_seen_at, revoked_at)
     VALUES ($1, $2, $3, ${ago('400 days')}, ${ago(seen)}, ${revoked === null ? 'NULL' : ago(revoked)})`,
    [tenantId, id, users.cashier.id],
  );
  for (const since of used) {
    await core.database.query(
      `INSERT INTO refresh_token (tenant_id, id, session_id, hash, used_at)
       VALUES ($1, $2, $3, $4, ${since === null ? 'NULL' : ago(since)})`,
      [tenantId, randomUUID(), id, Buffer.from(randomUUID())],
    );
  }
  return id;
}
const tokensOf = async (id: string) =>
  (await core.database.query('SELECT id FROM refresh_token WHERE session_id = $1', [id])).length;
const exists = async (id: string) =>
  (await core.database.query('SELECT id FROM session WHERE id = $1', [id])).length === 1;

describe('the clean-up', () => {
  it.each<[string, boolean, string, string | null]>([
    ['revoked more than 30 days ago goes', false, '31 days', '31 days'],
    ['revoked within 30 days stays', true, '29 days', '29 days'],
    ['that nobody has used for longer than any session lasts goes', false, '61 days', null],
    ['that may still be alive stays', true, '29 days', null],
  ])('a session %s, with its tokens', async (_, stays, seen, revoked) => {
    const id = await session(seen, revoked);
    await cleanUp();
    expect(await exists(id)).toBe(stays);
    expect(await tokensOf(id)).toBe(stays ? 1 : 0);
  });

  it('takes refresh tokens that were used more than a day ago; the others stay', async () => {
    const id = await session('1 minute', null, ['25 hours', '2 days', '23 hours', null]);
    await cleanUp();
    expect(await tokensOf(id)).toBe(2);
  });

  it('takes the body of an answer that has expired and leaves the key for ever', async () => {
    const [old, young] = [randomUUID(), randomUUID()];
    for (const [key, expires] of [
      [old, ago('1 minute')],
      [young, ago('-1 day')],
    ]) {
      await core.database.query(
        `INSERT INTO idempotency_key (tenant_id, key, fingerprint, status, response, response_expires_at)
         VALUES ($1, $2, '\\x01', 202, '{"a": 1}', ${expires})`,
        [core.business.tenantId, key],
      );
    }
    await cleanUp();
    const rows = await core.database.query(
      'SELECT key, fingerprint, status, response FROM idempotency_key WHERE key = ANY($1)',
      [[old, young]],
    );
    expect(rows).toHaveLength(2);
    expect(rows.find((row) => row.key === old)).toMatchObject({ status: 202, response: null });
    expect(rows.find((row) => row.key === young)).toMatchObject({ response: { a: 1 } });
  });

  it('goes on page by page until nothing is left, in every business', async () => {
    for (let n = 0; n < 5; n++) await session('61 days', null, ['2 days', null]);
    await core.database.query(
      `INSERT INTO session (tenant_id, id, user_id, last_seen_at) VALUES ($1, $2, $3, ${ago('61 days')})`,
      [core.other.tenantId, randomUUID(), core.other.users.cashier.id],
    );
    expect(await cleanUp(2)).toEqual({ sessions: 6, tokens: 5, answers: 0 });
    expect(await cleanUp(2)).toEqual({ sessions: 0, tokens: 0, answers: 0 });
  });
});
