import { OdooError } from '../errors';
import type { ExchangeAnswer } from './exchange';
import { retryAfterMs } from './retry-after';

/**
 * What an HTTP status other than 200 means. Odoo itself answers every fault with 200, so these come from a proxy, from a
 * server that is not an Odoo, or from an unknown route. Returns null for 200.
 */
export function statusError(url: URL, answer: ExchangeAnswer): OdooError | null {
  const { status } = answer;
  if (status === 200) return null;
  const wait = retryAfterMs(answer.headers['retry-after']);
  const at = `${url.origin}${url.pathname}`;
  const details = { httpStatus: status, retryAfterMs: wait };
  if (status === 429) return new OdooError('throttled', `${at} asks us to slow down`, { ...details, applied: 'no' });
  // 408: the proxy gave up reading, but an Odoo behind it may have the whole request already.
  if (status >= 500 || status === 408 || status < 300) {
    return new OdooError('unknown_outcome', `${at} answered HTTP ${status}`, { ...details, applied: 'maybe' });
  }
  if (status === 401 || status === 403 || status === 407) {
    return new OdooError('forbidden', `A proxy before ${url.origin} answered HTTP ${status}`, {
      ...details,
      applied: 'no',
    });
  }
  if (status < 400) {
    return new OdooError(
      'incompatible',
      `${at} redirects (HTTP ${status}) to ${redirectTarget(answer)}: use that address`,
      {
        ...details,
        applied: 'no',
      },
    );
  }
  return new OdooError('incompatible', `${at} answered HTTP ${status}: no Odoo, or its API is switched off there`, {
    ...details,
    applied: 'no',
  });
}

function redirectTarget(answer: ExchangeAnswer): string {
  const location = answer.headers.location;
  if (location === undefined || !URL.canParse(location)) return 'another page';
  return new URL(location).origin;
}
