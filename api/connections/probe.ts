/** Where an outside system is and who we are there. */
export interface ProbedConnection {
  kind: string;
  url: string;
  database: string;
  login: string;
  secret: string;
}

/**
 * Tries an outside system of any kind; handed in by the process, so that use cases know no wire.
 * Rejects with a NervioError of the codes of its kind.
 */
export type ConnectionProbe = (
  connection: ProbedConnection,
  signal: AbortSignal,
) => Promise<{ serverVersion: string; latencyMs: number }>;
