import type { ActivityExecuteInput } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { OdooError, type OdooErrorClass } from '../connectors/odoo/errors';
import { NervioError, type ErrorCode } from '../domain/errors';
import { asRead, FailureInterceptor, isRetried, toNervioError } from './failures';

/** What becomes of each kind of failure of Odoo: its code, whether Temporal tries again at once, and whether a workflow waits. */
interface Row {
  code: ErrorCode;
  retriedAtOnce: boolean;
  waits: boolean;
}
const table: Record<OdooErrorClass, Row> = {
  unreachable: { code: 'odoo_unreachable', retriedAtOnce: true, waits: true },
  unknown_outcome: { code: 'odoo_unknown_outcome', retriedAtOnce: true, waits: true },
  busy: { code: 'odoo_busy', retriedAtOnce: true, waits: true },
  throttled: { code: 'odoo_throttled', retriedAtOnce: true, waits: true },
  no_return_value: { code: 'odoo_unknown_outcome', retriedAtOnce: true, waits: true },
  // A person has to mend the connection first: one alert there, and the operations wait.
  bad_credentials: { code: 'odoo_credentials', retriedAtOnce: false, waits: true },
  unknown_database: { code: 'odoo_incompatible', retriedAtOnce: false, waits: true },
  incompatible: { code: 'odoo_incompatible', retriedAtOnce: false, waits: true },
  // A person has to decide about the operation.
  forbidden: { code: 'odoo_forbidden', retriedAtOnce: false, waits: false },
  refused: { code: 'odoo_refused', retriedAtOnce: false, waits: false },
  server_fault: { code: 'odoo_failed', retriedAtOnce: false, waits: false },
};
const classes = Object.entries(table) as [OdooErrorClass, Row][];
const odooError = (errorClass: OdooErrorClass, retryAfterMs?: number) =>
  new OdooError(errorClass, `it was ${errorClass}`, {
    applied: 'no',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });

/** What Temporal gets to see of an activity that fails so. */
async function failureOf(error: unknown): Promise<ApplicationFailure> {
  const failed: unknown = await new FailureInterceptor()
    .execute({} as ActivityExecuteInput, () => Promise.reject(error))
    .catch((thrown: unknown) => thrown);
  if (!(failed instanceof ApplicationFailure)) throw new Error(`not a failure: ${String(failed)}`);
  return failed;
}

describe('failures of Odoo', () => {
  it.each(classes)('%s', async (errorClass, { code, retriedAtOnce, waits }) => {
    const error = odooError(errorClass);
    const known = toNervioError(error);
    expect([known.code, isRetried(known), known.spec.retryable]).toEqual([code, retriedAtOnce, waits]);
    const failure = await failureOf(error);
    expect([failure.type, failure.nonRetryable, failure.message]).toEqual([
      code,
      !retriedAtOnce,
      `it was ${errorClass}`,
    ]);
    expect([failure.nextRetryDelay, failure.details]).toEqual([undefined, [{}]]);
  });

  it('one that says when to come again: the next try is then, and the workflow can tell', async () => {
    const failure = await failureOf(odooError('throttled', 7_000));
    expect([failure.nextRetryDelay, failure.details]).toEqual([7_000, [{ retryAfterMs: 7_000 }]]);
  });

  it('of a read, a lost answer says no more than that Odoo does not answer', () => {
    expect(toNervioError(asRead(odooError('unknown_outcome'))).code).toBe('odoo_unreachable');
    expect(toNervioError(asRead(odooError('busy'))).code).toBe('odoo_busy');
  });
});

describe('other failures', () => {
  it('of the catalogue keep their code and what they tell', async () => {
    const failure = await failureOf(new NervioError('no_connection', { tenant: 'x' }));
    expect([failure.type, failure.nonRetryable, failure.details]).toEqual(['no_connection', true, [{ tenant: 'x' }]]);
  });

  it('that nobody knows are ours, and tried again', async () => {
    const failure = await failureOf(new TypeError('x is not a function'));
    expect([failure.type, failure.nonRetryable, failure.message]).toEqual(['internal', false, 'x is not a function']);
  });

  it('of Temporal itself pass as they are', async () => {
    const failure = ApplicationFailure.nonRetryable('enough', 'mine');
    expect(await failureOf(failure)).toBe(failure);
  });
});
