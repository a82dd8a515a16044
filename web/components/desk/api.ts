import type { Money } from '../../../domain/money';

/** What a call of the HTTP API came to. `unreachable`: no answer, so nobody knows what happened to it. */
export type Outcome<T> = { kind: 'ok'; value: T } | { kind: 'problem'; problem: Problem } | { kind: 'unreachable' };

/** RFC 9457 as the API sends it. */
export interface Problem {
  code: string;
  detail?: string;
  instance?: string;
  fields?: { path: string; message: string }[];
  /** Which articles it is about. */
  skus?: string[];
  lines?: { sku: string; wanted?: string; available?: string; price?: Money }[];
  /** count_open: the one that is. */
  countId?: string;
}

const readTimeoutMs = 10_000;
const commandTimeoutMs = 20_000;

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}

async function call<T>(path: string, init: RequestInit, timeoutMs: number): Promise<Outcome<T>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/v1${path}`, {
      ...init,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        'accept-language': document.documentElement.lang || 'es',
        ...init.headers,
      },
      signal: init.signal
        ? AbortSignal.any([init.signal, AbortSignal.timeout(timeoutMs)])
        : AbortSignal.timeout(timeoutMs),
    });
    body = await response.json();
  } catch {
    // No answer, or half of one.
    return { kind: 'unreachable' };
  }
  if (response.status === 401) toLogin();
  if (response.ok) return { kind: 'ok', value: body as T };
  return { kind: 'problem', problem: isProblem(body) ? body : { code: 'internal' } };
}

/** The session ended: log in and come back here. */
function toLogin(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
}

/** What a person asked for. */
export function readApi<T>(path: string): Promise<Outcome<T>> {
  return call<T>(path, { method: 'GET' }, readTimeoutMs);
}

/** What the screen asks by itself: a screen on a wall does not keep its session awake. */
export function refreshApi<T>(path: string): Promise<Outcome<T>> {
  return call<T>(path, { method: 'GET', headers: { 'nervio-background': '1' } }, readTimeoutMs);
}

/** Files go over slow lines too. */
const uploadTimeoutMs = 180_000;

/** A command whose body is a file. */
export function sendFile<T>(path: string, file: Blob, key: string): Promise<Outcome<T>> {
  const headers = { 'idempotency-key': key, 'content-type': 'application/octet-stream' };
  return call<T>(path, { method: 'POST', headers, body: file }, uploadTimeoutMs);
}

/** A command; the same `key` is the same command, however often it is sent. */
export function sendCommand<T>(
  method: 'POST' | 'PATCH',
  path: string,
  body: unknown,
  key: string,
): Promise<Outcome<T>> {
  return call<T>(
    path,
    {
      method,
      headers: { 'idempotency-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    commandTimeoutMs,
  );
}
