const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id in an address; what can be no id is the page that says that there is nothing. */
export function idOf(params: { id?: string | undefined }): string {
  if (!uuid.test(params.id ?? '')) throw new Response('not found', { status: 404 });
  return params.id!;
}

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
