import type { OdooPackage } from '../../connectors/odoo/packages';

interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}

/** How queries look into a tenant's Odoo; handed in by the process, so that use cases know no wire. Commands never look. */
export interface PalletReader {
  /**
   * Packages with this name. At most `maxConcurrency` scans ask one Odoo at once, the next wait for their turn.
   * Rejects with OdooError, and when `signal` aborts, be it in the queue.
   */
  find(
    connection: ConnectionRef & { maxConcurrency: number },
    code: string,
    signal: AbortSignal,
  ): Promise<OdooPackage[]>;
}

/**
 * Scans have places of their own, as many as the connection has for moves: they do not take those of the moves, which
 * PostgreSQL counts. A move may hold its place for a minute and a half and is nothing that a person waits for; a scan is
 * one read of 2 s at most with a person at the scanner, who must not stand behind a backlog of moves. Read-only, they
 * cannot get in the way of a move's writes. Counted for each API process: with two of them an Odoo sees at most three
 * times `maxConcurrency` calls of ours at once.
 * @param findPackages the connector's read, by connection
 */
export function createPalletReader(
  findPackages: (connection: ConnectionRef, names: string[], signal: AbortSignal) => Promise<OdooPackage[]>,
): PalletReader {
  const turns = new Map<string, Turns>();
  return {
    async find({ tenantId, connectionId, maxConcurrency }, code, signal) {
      const key = `${tenantId}/${connectionId}`;
      const turn = turns.get(key) ?? { taken: 0, waiting: new Set() };
      turns.set(key, turn);
      await takeTurn(turn, maxConcurrency, signal);
      try {
        return await findPackages({ tenantId, connectionId }, [code], signal);
      } finally {
        turn.taken--;
        // The first who may go, if any: the limit can have been lowered meanwhile.
        for (const wake of turn.waiting) wake();
        if (turn.taken === 0 && turn.waiting.size === 0) turns.delete(key);
      }
    },
  };
}

interface Turns {
  taken: number;
  /** In order of arrival; each takes its turn when there is a free one. */
  waiting: Set<() => void>;
}

async function takeTurn(turns: Turns, most: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (turns.taken < most) {
    turns.taken++;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const leave = (): void => {
      turns.waiting.delete(wake);
      signal.removeEventListener('abort', giveUp);
    };
    const wake = (): void => {
      if (turns.taken >= most) return;
      turns.taken++;
      leave();
      resolve();
    };
    const giveUp = (): void => {
      leave();
      reject(signal.reason as Error);
    };
    turns.waiting.add(wake);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
