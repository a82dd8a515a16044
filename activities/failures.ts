import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { MailError, type MailErrorClass } from '../connectors/mail/errors';
import { OdooError, type OdooErrorClass } from '../connectors/odoo/errors';
import { NervioError, type ErrorCode } from '../domain/errors';

const odooCodes: Readonly<Record<OdooErrorClass, ErrorCode>> = {
  unreachable: 'odoo_unreachable',
  unknown_outcome: 'odoo_unknown_outcome',
  busy: 'odoo_busy',
  throttled: 'odoo_throttled',
  bad_credentials: 'odoo_credentials',
  unknown_database: 'odoo_incompatible',
  incompatible: 'odoo_incompatible',
  forbidden: 'odoo_forbidden',
  refused: 'odoo_refused',
  // The connector answers this one itself; it gets here only from a call whose value was needed.
  no_return_value: 'odoo_unknown_outcome',
  server_fault: 'odoo_failed',
};

const mailCodes: Readonly<Record<MailErrorClass, ErrorCode>> = {
  unreachable: 'mail_unreachable',
  unknown_outcome: 'mail_unknown_outcome',
  busy: 'mail_busy',
  bad_credentials: 'mail_credentials',
  refused: 'mail_refused',
};

/** Trying again at once does not help: a person has to mend the connection first. */
const connectionAtFault: readonly ErrorCode[] = ['odoo_credentials', 'odoo_incompatible'];

/** Any error as one of the catalogue. Unknown ones (our own database, a bug) are `internal` and are tried again. */
export function toNervioError(error: unknown): NervioError {
  if (error instanceof NervioError) return error;
  if (error instanceof OdooError) {
    return new NervioError(
      odooCodes[error.class],
      {},
      {
        cause: error,
        detail: error.message,
        ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      },
    );
  }
  if (error instanceof MailError) {
    return new NervioError(mailCodes[error.errorClass], {}, { cause: error, detail: error.message });
  }
  return new NervioError(
    'internal',
    {},
    { cause: error, detail: error instanceof Error ? error.message : String(error) },
  );
}

/** A read that was lost has changed nothing: whatever was sent, Odoo simply did not answer. */
export function asRead(error: unknown): unknown {
  const known = toNervioError(error);
  return known.code === 'odoo_unknown_outcome'
    ? new NervioError('odoo_unreachable', {}, { cause: error, detail: known.message })
    : error;
}

/** Does Temporal try the activity again by itself? */
export function isRetried(error: NervioError): boolean {
  return error.spec.retryable && !connectionAtFault.includes(error.code);
}

/** Errors of the catalogue become failures with a type; permanent ones are not retried; Retry-After is kept. */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof ApplicationFailure || (error instanceof Error && error.name === 'CancelledFailure'))
        throw error;
      const known = toNervioError(error);
      throw ApplicationFailure.create({
        message: known.message,
        type: known.code,
        nonRetryable: !isRetried(known),
        // The workflow sees only the details: an answer that says when to come again counts beyond the quick retries too.
        details: [{ ...known.extra, ...(known.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }) }],
        ...(known.retryAfterMs !== undefined && { nextRetryDelay: known.retryAfterMs }),
        ...(error instanceof Error && { cause: error }),
      });
    }
  }
}
