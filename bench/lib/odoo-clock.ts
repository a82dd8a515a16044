import { appendFileSync } from 'node:fs';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/**
 * Loaded into the worker by `node --require`: writes down when each of its calls to Odoo began and ended, as one line
 * `{from, to}` of epoch ms. Listens to Node's own announcements, so what is measured runs as it always does.
 */
const file = process.env['NERVIO_BENCH_ODOO_CLOCK'];
const odooPort = process.env['NERVIO_BENCH_ODOO_PORT'];

if (file !== undefined && odooPort !== undefined) {
  const began = new WeakMap<ClientRequest, number>();
  const now = () => performance.timeOrigin + performance.now();
  const toOdoo = (request: ClientRequest) => String(request.getHeader('host')).endsWith(`:${odooPort}`);
  let lines: string[] = [];
  // Not within the calls, so that writing costs them nothing.
  setInterval(() => {
    if (lines.length > 0) appendFileSync(file, lines.join(''));
    lines = [];
  }, 200).unref();
  const ended = (message: unknown): void => {
    const { request } = message as { request: ClientRequest };
    const from = began.get(request);
    if (from === undefined) return;
    began.delete(request);
    lines.push(`${JSON.stringify({ from, to: now() })}\n`);
  };
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    if (toOdoo(request)) began.set(request, now());
  });
  subscribe('http.client.response.finish', ended);
  subscribe('http.client.request.error', ended);
}
