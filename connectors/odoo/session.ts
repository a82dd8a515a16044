import { abortable } from './abortable';
import { OdooError } from './errors';

/** A login that Odoo accepted. Compared by identity: the same uid may be handed out again after a change of key. */
export interface OdooLogin {
  readonly uid: number;
}

/**
 * Remembers the uid of a connection, because `authenticate` costs 185–350 ms of password hashing on the server.
 * However many calls need it at once, one `authenticate` runs; it belongs to none of them, so that aborting one does not fail the rest.
 */
export class OdooSession {
  private current: OdooLogin | null = null;
  private running: Promise<OdooLogin> | null = null;

  /** @param authenticate answers with the uid, or false for a wrong login or key (Odoo does not fault on it) */
  constructor(private readonly authenticate: () => Promise<unknown>) {}

  async login(signal?: AbortSignal): Promise<OdooLogin> {
    return this.current ?? this.start(signal);
  }

  /** A login newer than `stale`; authenticates only when no other call did it meanwhile. */
  async renew(stale: OdooLogin, signal?: AbortSignal): Promise<OdooLogin> {
    if (this.current === stale) this.current = null;
    return this.login(signal);
  }

  private async start(signal?: AbortSignal): Promise<OdooLogin> {
    this.running ??= this.run().finally(() => (this.running = null));
    return abortable(this.running, signal);
  }

  private async run(): Promise<OdooLogin> {
    const uid = await this.authenticate().catch((error: unknown) => {
      throw nothingWasSent(error);
    });
    if (typeof uid !== 'number' || uid <= 0) {
      throw new OdooError('bad_credentials', 'Odoo does not accept this login and key', { applied: 'no' });
    }
    this.current = { uid };
    return this.current;
  }
}

/** The call that needs this login was never sent, however the login failed. */
function nothingWasSent(error: unknown): unknown {
  if (!(error instanceof OdooError) || error.applied === 'no') return error;
  return new OdooError('unreachable', `Logging in failed: ${error.message}`, {
    applied: 'no',
    httpStatus: error.httpStatus,
    retryAfterMs: error.retryAfterMs,
    faultCode: error.faultCode,
    cause: error,
  });
}
