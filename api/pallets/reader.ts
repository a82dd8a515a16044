import type { OdooPackage } from '../../connectors/odoo/packages';

interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}

/** How queries look into a tenant's Odoo; handed in by the process, so that use cases know no wire. Commands never look. */
export interface PalletReader {
  /** Packages with this name. Rejects with OdooError, and when `signal` aborts. */
  find(connection: ConnectionRef, code: string, signal: AbortSignal): Promise<OdooPackage[]>;
}

/** Scans that ask one Odoo at once; the next wait for a place. Its other places belong to the moves. */
const mostAtOnce = 4;

/** `findPackages`: the connector's read, by connection. */
export function createPalletReader(
  findPackages: (connection: ConnectionRef, names: string[], signal: AbortSignal) => Promise<OdooPackage[]>,
): PalletReader {
  const places = new Map<string, { taken: number; queue: (() => void)[] }>();
  return {
    async find(connection, code, signal) {
      const key = `${connection.tenantId}/${connection.connectionId}`;
      const place = places.get(key) ?? { taken: 0, queue: [] };
      places.set(key, place);
      if (place.taken >= mostAtOnce) await new Promise<void>((resolve) => place.queue.push(resolve));
      else place.taken++;
      try {
        signal.throwIfAborted();
        return await findPackages(connection, [code], signal);
      } finally {
        const next = place.queue.shift();
        if (next) next();
        else place.taken--;
      }
    },
  };
}
