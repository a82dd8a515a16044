import type { OdooAdapter } from './adapters/adapter';
import { odoo16 } from './adapters/odoo16';
import { odoo17 } from './adapters/odoo17';
import { odoo18 } from './adapters/odoo18';
import { OdooError } from './errors';
import type { OdooServerVersion, OdooTransport } from './transport';

export interface OdooVersion {
  major: 16 | 17 | 18;
  /** As the server says it, e.g. `18.0+e-20250619`. */
  serverVersion: string;
  adapter: OdooAdapter;
}

/**
 * Which Odoo this is, from `version()` and, because Odoo Online has versions in between, from the fields of a move line.
 * @throws OdooError `incompatible` for versions before 16 and from 19 on, or without the Inventory app
 */
export async function detectVersion(transport: OdooTransport, signal?: AbortSignal): Promise<OdooVersion> {
  const server = await transport.version(signal);
  const adapter = adapterFor(server);
  const fields = await transport.call(
    'read',
    'stock.move.line',
    'fields_get',
    [['qty_done', 'quantity', 'picked']],
    { attributes: ['type'] },
    signal,
  );
  if (typeof fields !== 'object' || fields === null || !(adapter.doneQuantityField in fields)) {
    throw new OdooError(
      'incompatible',
      `Odoo ${server.serverVersion} has no ${adapter.doneQuantityField} on stock.move.line, unlike every ${adapter.major} we know`,
      { applied: 'no' },
    );
  }
  return { major: adapter.major, serverVersion: server.serverVersion, adapter };
}

/** The major version a server says it is: 17 for `[17, 0, …]` and for `['saas~17', 4, …]`. */
export function majorOf(server: OdooServerVersion): number {
  return Number(/\d+/.exec(String(server.info[0]))?.[0] ?? Number.NaN);
}

function adapterFor(server: OdooServerVersion): OdooAdapter {
  switch (majorOf(server)) {
    case 16:
      return odoo16;
    case 17:
      return odoo17;
    case 18:
      return odoo18;
    default:
      throw new OdooError('incompatible', `Odoo ${server.serverVersion} is not supported: 16, 17 and 18 are`, {
        applied: 'no',
      });
  }
}
