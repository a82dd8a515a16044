/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation): what was to be written is at fault. */
const ofData = /^2[23]\w{3}$/;

/**
 * Whether an error says that the very rows are at fault, so that the same statement will fail for ever. Looks through
 * `cause` and through Prisma's `meta.driverAdapterError`.
 */
export function isDataError(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, originalCode, cause, meta } = error as Record<string, unknown>;
  if ([code, originalCode].some((value) => typeof value === 'string' && ofData.test(value))) return true;
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return isDataError(cause, depth + 1) || isDataError(adapterError, depth + 1);
}
