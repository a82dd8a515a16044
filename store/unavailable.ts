/** SQLSTATE classes of a server that is stopping, starting, full or gone; Node's socket errors; Prisma's pool errors. */
const gone =
  /^(08\w{3}|53300|57P0[1-3]|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024|P2028)$/;
/** Errors that carry nothing but their text: of `pg` when a connection ends or the pool has none in time, of ioredis. */
const goneText =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Can't reach database server|Connection is closed|Stream isn't writeable|Command timed out|Server has closed the connection|DatabaseNotReachable|ConnectionClosed/;

/**
 * Whether an error says that PostgreSQL or Redis could not be reached, so that the same request may succeed later.
 * Looks through `cause` and through Prisma's `meta.driverAdapterError`.
 */
export function isUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, originalCode, message, kind, cause, meta } = error as Record<string, unknown>;
  if ([code, originalCode].some((value) => typeof value === 'string' && gone.test(value))) return true;
  if ([message, kind].some((value) => typeof value === 'string' && goneText.test(value))) return true;
  if (error instanceof AggregateError && error.errors.some((inner) => isUnavailable(inner, depth + 1))) return true;
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return isUnavailable(cause, depth + 1) || isUnavailable(adapterError, depth + 1);
}
