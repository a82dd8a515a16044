import { type OperationState, operationStates } from '../../domain/operation';
import type { SendOutcome } from './queue';

interface ProblemBody {
  code?: unknown;
  detail?: unknown;
  instance?: unknown;
  pallets?: unknown;
  lines?: unknown;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The pallets that a refusal names, however it names them: `pallets: [code]` or `lines: [{code}]`. */
function namedPallets({ pallets, lines }: ProblemBody): string[] | undefined {
  const rows: unknown[] = [pallets, lines].find((list) => Array.isArray(list)) ?? [];
  const codes = rows
    .map((row) => text(row) ?? text((row as { code?: unknown } | null)?.code))
    .filter((code) => code !== undefined);
  return codes.length > 0 ? codes : undefined;
}

/** Seconds or a date (RFC 9110 §10.2.3), as milliseconds from now; at most five minutes, whatever is asked. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 300_000) : undefined;
}

/** What the answer to a command means for the queue (HTTP contract: 2xx and business refusals are final, the rest is not). */
export function outcomeOf(status: number, headers: Headers, body: unknown, now: number): SendOutcome {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody & {
    operationId?: unknown;
    state?: unknown;
  };
  const code = text(problem.code) ?? `http_${status}`;
  if (status >= 200 && status < 300) {
    const operationId = text(problem.operationId);
    const state = operationStates.find((known): known is OperationState => known === problem.state);
    // A 2xx that is not our answer (a captive portal, a cut body) is no answer.
    if (operationId === undefined || state === undefined) return { kind: 'later', code: 'network', unknown: true };
    const at = Date.parse(headers.get('date') ?? '');
    return { kind: 'accepted', operationId, state, ...(!Number.isNaN(at) && { at }) };
  }
  if (status === 401) return { kind: 'unauthenticated' };
  const afterMs = retryAfterMs(headers.get('retry-after'), now);
  const wait = afterMs === undefined ? {} : { afterMs };
  const ours = text(problem.code) !== undefined;
  if (status === 409 && code === 'command_in_progress') return { kind: 'later', code, unknown: true, ...wait };
  if (status === 408 || status === 425 || status === 429)
    return { kind: 'later', code, unknown: status === 408, ...wait };
  if (status >= 500 || status < 400) return { kind: 'later', code, unknown: true, ...wait };
  // A 4xx without a code of ours is a proxy's word, not the server's: not final.
  if (!ours) return { kind: 'later', code, unknown: true, ...wait };
  const detail = text(problem.detail);
  const instance = text(problem.instance);
  const pallets = namedPallets(problem);
  return {
    kind: 'refused',
    reason: {
      code,
      ...(detail !== undefined && { detail }),
      ...(instance !== undefined && { instance }),
      ...(pallets && { pallets }),
    },
  };
}
