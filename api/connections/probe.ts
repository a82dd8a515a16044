/** Where an outside system is and who we are there. */
export interface ProbedConnection {
  url: string;
  database: string;
  login: string;
  secret: string;
}

/**
 * Tries an Odoo; handed in by the process, so that use cases know no wire.
 * Rejects with a NervioError of the odoo_… codes.
 */
export type OdooProbe = (
  connection: ProbedConnection,
  signal: AbortSignal,
) => Promise<{ serverVersion: string; latencyMs: number }>;
