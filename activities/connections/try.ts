import type { OdooConnection } from '../../connectors/odoo/config';
import { createOdooStock } from '../../connectors/odoo/stock';
import { toNervioError } from '../failures';

/**
 * Tries a connection once, with settings that need not be stored.
 * Rejects with a NervioError of the odoo_… codes, as the watcher's probe would.
 */
export async function tryConnection(
  connection: OdooConnection,
  signal: AbortSignal,
): Promise<{ serverVersion: string; latencyMs: number }> {
  const odoo = createOdooStock(connection);
  try {
    const probe = await odoo.probe(signal);
    // Asked for its sake: an Odoo that we do not know answers a probe all the same.
    await odoo.version(signal);
    return probe;
  } catch (error) {
    throw toNervioError(error);
  } finally {
    odoo.close();
  }
}
