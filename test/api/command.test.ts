import { randomUUID } from 'node:crypto';
import { type Command, runCommand } from '../../api/command';
import { NervioError } from '../../domain/errors';
import type { Database } from '../../store/db';
import { lockKey } from '../../store/idempotency';
import { type Core, startCore } from '../support/core';

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());

const command = (): Command => ({
  actor: core.actor(),
  permission: 'pallets.move',
  key: randomUUID(),
  method: 'POST',
  path: '/api/v1/test',
  body: { a: 1 },
});
const refuse = () => Promise.reject(new NervioError('same_location'));
const accept = () => Promise.resolve({ status: 202, body: { done: true } });

/** Runs `between` before the second transaction: after a refused command was rolled back, before its refusal is kept. */
function interrupted(between: () => Promise<unknown>): { db: Database } {
  let transactions = 0;
  return {
    db: {
      ...core.db,
      withTenant: async (tenantId, fn) => {
        if (++transactions === 2) await between();
        return core.db.withTenant(tenantId, fn);
      },
    },
  };
}

it('has its answer again, also while somebody else repeats it', async () => {
  const one = command();
  await runCommand(core.deps, one, accept);
  await core.db.withTenant(one.actor.tenantId, async (tx) => {
    await lockKey(tx, one.key);
    await expect(runCommand(core.deps, one, refuse)).resolves.toMatchObject({ status: 202, replayed: true });
  });
});

describe('a refused command that is repeated with its key while its refusal is being kept', () => {
  it('has the answer of the repeat, when that was accepted', async () => {
    const one = command();
    const deps = interrupted(() => runCommand(core.deps, one, accept));
    await expect(runCommand(deps, one, refuse)).resolves.toEqual({ status: 202, body: { done: true }, replayed: true });
    await expect(runCommand(core.deps, one, refuse)).resolves.toMatchObject({ status: 202, replayed: true });
  });

  it('is refused, when the repeat was refused too', async () => {
    const one = command();
    const deps = interrupted(() => expect(runCommand(core.deps, one, refuse)).rejects.toThrow(NervioError));
    await expect(runCommand(deps, one, refuse)).rejects.toMatchObject({ code: 'same_location' });
    await expect(runCommand(core.deps, one, accept)).rejects.toMatchObject({ code: 'same_location' });
  });
});
