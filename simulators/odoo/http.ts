import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { BadControl } from './control/bad-control';
import { applyControl, type Controlled } from './control/control';
import type { Setting } from './control/modes';
import { stateOf } from './control/state';
import { recordedDelay } from './delays';
import { type OdooFault, pythonError } from './faults';
import { METHOD_NOT_ALLOWED, NOT_FOUND } from './pages';
import { call, type Protocol, protocolFor } from './protocol';
import { describeCall } from './services';
import { pyJson } from './wire/jsonrpc';
import type { RpcValue } from './wire/values';

const MAX_BODY = 64 * 1024 * 1024;

/** Answers one HTTP request: control and state always, RPC as the mode allows. */
export class Front {
  private readonly known = new Set<string>();

  constructor(private readonly sim: Controlled) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] as string;
    const body = await readBody(request);
    if (path === '/_control') return this.control(request, response, body);
    if (path === '/_state') return json(response, 200, stateOf(this.sim.cluster, this.sim.counters, this.sim.modes));
    await this.rpc(request, response, path, body);
  }

  private control(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (request.method !== 'POST') return json(response, 405, { error: 'POST only' });
    try {
      applyControl(this.sim, JSON.parse(body || '{}') as RpcValue);
      json(response, 200, { ok: true, mode: this.sim.modes.setting, delays: this.sim.delays });
    } catch (error) {
      if (!(error instanceof BadControl) && !(error instanceof SyntaxError)) throw error;
      json(response, 400, { error: error.message });
    }
  }

  private async rpc(request: IncomingMessage, response: ServerResponse, path: string, body: string): Promise<void> {
    if (this.isDownForAll()) return void request.socket.destroy();
    const protocol = protocolFor(path, this.sim.cluster);
    if (!protocol) return page(response, 404, NOT_FOUND, { 'Content-Type': 'text/html;charset=utf-8' });
    if (request.method !== 'POST') return page(response, 405, METHOD_NOT_ALLOWED, { Allow: 'POST, OPTIONS' });
    const parsed = protocol.parse(body);
    if ('answer' in parsed) return send(response, protocol, parsed.answer);
    const info = describeCall(this.sim.cluster, parsed.call);
    const setting = this.sim.modes.take(info);
    const untilSetAgain = this.sim.modes.holder(info.name);
    if (setting.mode === 'down') return void request.socket.destroy();
    this.sim.counters.count(info, parsed.call);
    if (refused(response, setting)) return;
    const arrivedAt =
      info.db !== undefined && this.sim.cluster.has(info.db) ? this.sim.cluster.get(info.db).commits : 0;
    const { outages } = this.sim;
    await this.delay(info);
    // The server stopped while the call was under way: nothing was committed.
    if (outages !== this.sim.outages) return void request.socket.destroy();
    const fault = info.changes ? this.forcedFault() : null;
    const answer = call(this.sim.cluster, protocol, parsed.call, arrivedAt, fault);
    if (setting.mode === 'apply_then_drop') return void request.socket.destroy();
    if (setting.mode === 'slow') await wait(setting.ms, undefined, { ref: false });
    if (setting.mode === 'hold') await untilSetAgain();
    send(response, protocol, answer);
  }

  private isDownForAll(): boolean {
    const { mode, db, left } = this.sim.modes.setting;
    return mode === 'down' && db === null && left === null;
  }

  private async delay(info: ReturnType<typeof describeCall>): Promise<void> {
    if (this.sim.delays === 'off') return;
    const first = info.user !== '' && !this.known.has(info.user);
    if (first) this.known.add(info.user);
    await wait(recordedDelay(info, this.sim.cluster.versionOf(info.db), first));
  }

  private forcedFault(): OdooFault | null {
    if (this.sim.serialization > 0) {
      this.sim.serialization -= 1;
      return SERIALIZATION();
    }
    if (this.sim.crash > 0) {
      this.sim.crash -= 1;
      return CRASH();
    }
    return null;
  }
}

const SERIALIZATION = (): OdooFault =>
  pythonError('psycopg2.errors.SerializationFailure', 'could not serialize access due to concurrent update');

const CRASH = (): OdooFault => pythonError('ZeroDivisionError', 'float division by zero');

function refused(response: ServerResponse, setting: Setting): boolean {
  if (setting.mode === 'throttle') {
    page(response, 429, '<html><body><h1>429 Too Many Requests</h1></body></html>', { 'Retry-After': '1' });
    return true;
  }
  if (setting.mode === 'error') {
    page(response, setting.status, `<html><body><h1>${setting.status} Bad Gateway</h1></body></html>`);
    return true;
  }
  return false;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new Error('body too large');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, protocol: Protocol, body: string): void {
  page(response, 200, body, { 'Content-Type': protocol.contentType });
}

function page(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': bytes.length,
    Connection: 'close',
    ...headers,
  });
  response.end(bytes);
}

function json(response: ServerResponse, status: number, value: object): void {
  page(response, status, pyJson(JSON.parse(JSON.stringify(value)) as RpcValue), {
    'Content-Type': 'application/json; charset=utf-8',
  });
}
