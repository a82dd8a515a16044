import { OdooError } from './errors';

/** Where an Odoo is and who we are there. One row of the tenant's connections. */
export interface OdooConnection {
  /** Base address, e.g. `https://odoo.example.com` or `https://example.com/erp`. */
  url: string;
  database: string;
  login: string;
  /** API key or password; Odoo takes either in the same place. Never logged, never part of an error. */
  secret: string;
}

/** Milliseconds from the start of a call until its whole answer is here. */
export interface OdooTimeouts {
  /** Name look-up, TCP and TLS together. When it passes, nothing was sent. */
  connectMs: number;
  /** Reads have no effect and a person may be waiting. */
  readMs: number;
  /** Odoo repeats a serialization conflict by itself for up to 80 s (measured on 17): less would leave it working unseen. */
  writeMs: number;
  probeMs: number;
}

export const defaultTimeouts: OdooTimeouts = { connectMs: 5_000, readMs: 10_000, writeMs: 110_000, probeMs: 5_000 };

/** 32 MiB: 500 records of any model fit many times; a runaway answer must not take the worker's memory. */
export const defaultMaxResponseBytes = 32 * 1024 * 1024;

export interface OdooOptions {
  timeouts?: Partial<OdooTimeouts>;
  maxResponseBytes?: number;
}

/**
 * The address of an endpoint below the connection's base address.
 * @throws OdooError `unreachable` when the connection's address is not http or https.
 */
export function endpoint(connection: OdooConnection, path: string): URL {
  let base: URL;
  try {
    base = new URL(connection.url);
  } catch {
    throw new OdooError('unreachable', 'The address of this Odoo connection is not a URL', { applied: 'no' });
  }
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    throw new OdooError(
      'unreachable',
      `The address of this Odoo connection must be http or https, not ${base.protocol}`,
      {
        applied: 'no',
      },
    );
  }
  base.pathname = base.pathname.replace(/\/+$/, '') + path;
  base.search = '';
  base.hash = '';
  return base;
}
