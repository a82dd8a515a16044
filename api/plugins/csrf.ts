import type { FastifyRequest } from 'fastify';
import { NervioError } from '../../domain/errors';

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a request may change something, by where the browser says that it comes from (OWASP: fetch metadata with
 * the origin as the fall-back; docs/decisions/011-csrf.md). Bearer requests prove themselves by a header that no other site can
 * make a browser send, so they are not asked.
 * @param ambient the request carries cookies that log somebody in
 * @throws NervioError csrf
 */
export function requireSameOrigin(
  request: Pick<FastifyRequest, 'method' | 'headers' | 'host'>,
  publicOrigin: string,
  ambient: boolean,
): void {
  if (safe.has(request.method) || request.headers.authorization !== undefined) return;
  const { origin, 'sec-fetch-site': site } = request.headers;
  const ownOrigin = origin !== undefined && isOwn(origin, publicOrigin, request.host);
  // `none` is the person themselves (address bar, bookmark).
  if (site !== undefined ? site === 'same-origin' || site === 'none' : ownOrigin) return;
  // Neither header: no browser of the last years. Without cookies it speaks only for itself.
  if (site === undefined && origin === undefined && !ambient) return;
  throw new NervioError('csrf');
}

function isOwn(origin: string, publicOrigin: string, host: string): boolean {
  if (origin === publicOrigin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
