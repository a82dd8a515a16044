/**
 * Runs a query of a loader; what does not exist is the page that says so. By its code, not its class: the server and this
 * build each have their own copy of the class.
 */
export async function notFoundAs404<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'not_found' || code === 'malformed') throw new Response('not found', { status: 404 });
    if (code === 'forbidden') throw new Response('forbidden', { status: 403 });
    throw error;
  }
}
