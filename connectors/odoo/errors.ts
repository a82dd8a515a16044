/**
 * What kind of failure a call to Odoo had. Every failure of this connector is one of these.
 *
 * - `unreachable`      never reached: refused, name not found, TLS, connect time-out. Nothing was sent.
 * - `unknown_outcome`  sent, then time-out, broken connection, 5xx or an unreadable answer. Read before anything else.
 * - `busy`             Odoo gave up on a conflict with another transaction and rolled back. Repeat later.
 * - `throttled`        HTTP 429; `retryAfterMs` says when, if the server said so.
 * - `bad_credentials`  login, password or API key refused (also after authenticating once more).
 * - `unknown_database` the server does not have this database.
 * - `forbidden`        the user lacks the right (fault 4), or a proxy in front refuses.
 * - `refused`          a business refusal (fault 2); `message` is Odoo's own, in English.
 * - `no_return_value`  the method worked and was committed, but its None could not be marshalled.
 * - `incompatible`     the server does not speak what we speak: version, model, method, field, route.
 * - `server_fault`     any other exception inside Odoo.
 */
export type OdooErrorClass =
  | 'unreachable'
  | 'unknown_outcome'
  | 'busy'
  | 'throttled'
  | 'bad_credentials'
  | 'unknown_database'
  | 'forbidden'
  | 'refused'
  | 'no_return_value'
  | 'incompatible'
  | 'server_fault';

/** Whether the call may have changed something in Odoo. */
export type OdooApplied = 'no' | 'maybe' | 'yes';

export interface OdooErrorDetails {
  applied: OdooApplied;
  faultCode?: number | string;
  /** Milliseconds the server asked us to wait. */
  retryAfterMs?: number;
  /** HTTP status, when an answer without a readable body decided the class. */
  httpStatus?: number;
  cause?: unknown;
}

export class OdooError extends Error {
  override readonly name = 'OdooError';
  readonly class: OdooErrorClass;
  readonly applied: OdooApplied;
  readonly faultCode?: number | string;
  readonly retryAfterMs?: number;
  readonly httpStatus?: number;

  constructor(errorClass: OdooErrorClass, message: string, details: OdooErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.class = errorClass;
    this.applied = details.applied;
    this.faultCode = details.faultCode;
    this.retryAfterMs = details.retryAfterMs;
    this.httpStatus = details.httpStatus;
  }
}
