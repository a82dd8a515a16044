import http from 'node:http';
import https from 'node:https';
import { classifyFault, mayBeStaleLogin } from './classify';
import { defaultMaxResponseBytes, defaultTimeouts, endpoint } from './config';
import type { OdooConnection, OdooOptions, OdooTimeouts } from './config';
import { OdooError } from './errors';
import { OdooSession } from './session';
import type { OdooLogin } from './session';
import type { OdooCallKind, OdooServerVersion, OdooTransport } from './transport';
import type { RpcAnswer } from './wire/answer';
import { exchange, StaleConnection } from './wire/exchange';
import type { ExchangeAnswer } from './wire/exchange';
import { statusError } from './wire/http-status';
import { decodeJsonAnswer, encodeJsonCall } from './wire/jsonrpc';
import { decodeAnswer, encodeCall } from './wire/xmlrpc';

/** Texts and dates must not depend on who the user is: fault texts are translated, and only these are recorded. */
const pinnedContext = { lang: 'en_US', tz: 'UTC' };

/** After a 404 on /jsonrpc reads go by XML-RPC for this long before it is tried again. */
const jsonAbsentMs = 10 * 60_000;

/** XML-RPC for commands, `/jsonrpc` for reads: Odoo 16, 17 and 18. */
export class OdooRpcTransport implements OdooTransport {
  private readonly timeouts: OdooTimeouts;
  private readonly maxResponseBytes: number;
  private readonly agent: http.Agent | https.Agent;
  private readonly urls: { common: URL; object: URL; json: URL };
  private readonly session: OdooSession;
  private jsonAbsentUntil = 0;
  private lastJsonId = 0;

  constructor(
    private readonly connection: OdooConnection,
    options: OdooOptions = {},
  ) {
    this.timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.maxResponseBytes = options.maxResponseBytes ?? defaultMaxResponseBytes;
    this.urls = {
      common: endpoint(connection, '/xmlrpc/2/common'),
      object: endpoint(connection, '/xmlrpc/2/object'),
      json: endpoint(connection, '/jsonrpc'),
    };
    // Idle connections are dropped before servers commonly drop them (5 s for the shortest), so that few turn out stale.
    const keepAlive = { keepAlive: true, timeout: 4_000 };
    this.agent = this.urls.object.protocol === 'https:' ? new https.Agent(keepAlive) : new http.Agent(keepAlive);
    this.session = new OdooSession(() => this.authenticate());
  }

  async call(
    kind: OdooCallKind,
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>> = {},
    signal?: AbortSignal,
  ): Promise<unknown> {
    const pinned = { ...kwargs, context: { ...(kwargs.context as object | undefined), ...pinnedContext } };
    const send = (login: OdooLogin): Promise<unknown> => this.execute(kind, login, model, method, args, pinned, signal);
    const login = await this.session.login(signal);
    try {
      return await send(login);
    } catch (error) {
      // Refused at the door, so nothing was done: authenticate anew once before calling the credentials bad.
      if (!mayBeStaleLogin(error)) throw this.publicError(error, kind, signal);
    }
    const renewed = await this.session.renew(login, signal);
    return send(renewed).catch((error: unknown) => {
      throw this.publicError(error, kind, signal);
    });
  }

  async version(signal?: AbortSignal): Promise<OdooServerVersion> {
    const answer = await this.xml('probe', this.urls.common, 'version', [], signal).catch((error: unknown) => {
      throw this.publicError(error, 'probe', signal);
    });
    const value = this.unwrap(answer, {});
    const version = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    if (typeof version.server_version !== 'string' || !Array.isArray(version.server_version_info)) {
      throw new OdooError('incompatible', `${this.urls.common.origin} does not say its version as an Odoo does`, {
        applied: 'no',
      });
    }
    return { serverVersion: version.server_version, info: version.server_version_info };
  }

  async userId(signal?: AbortSignal): Promise<number> {
    return (await this.session.login(signal)).uid;
  }

  close(): void {
    this.agent.destroy();
  }

  private async authenticate(): Promise<unknown> {
    const { database, login, secret } = this.connection;
    try {
      return this.unwrap(await this.xml('read', this.urls.common, 'authenticate', [database, login, secret, {}]), {});
    } catch (error) {
      throw this.publicError(error, 'read', undefined);
    }
  }

  private async execute(
    kind: OdooCallKind,
    login: OdooLogin,
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { database, secret } = this.connection;
    const params = [database, login.uid, secret, model, method, args, kwargs];
    const origin = { method, uid: login.uid };
    if (kind !== 'write' && Date.now() >= this.jsonAbsentUntil) {
      const answer = await this.json(kind, params, signal);
      if (answer !== 'no such route') return this.unwrap(answer, origin);
      const fallback = await this.xml(kind, this.urls.object, 'execute_kw', params, signal);
      this.jsonAbsentUntil = Date.now() + jsonAbsentMs;
      return this.unwrap(fallback, origin);
    }
    return this.unwrap(await this.xml(kind, this.urls.object, 'execute_kw', params, signal), origin);
  }

  private async xml(
    kind: OdooCallKind,
    url: URL,
    method: string,
    params: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<RpcAnswer> {
    const answer = await this.post(kind, url, 'text/xml', encodeCall(method, params), signal);
    const refused = statusError(url, answer);
    if (refused) throw refused;
    return decodeAnswer(answer.body).catch((error: unknown) => {
      throw unreadable(url, error);
    });
  }

  private async json(
    kind: OdooCallKind,
    params: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<RpcAnswer | 'no such route'> {
    const url = this.urls.json;
    const id = ++this.lastJsonId;
    const answer = await this.post(
      kind,
      url,
      'application/json',
      encodeJsonCall(id, 'object', 'execute_kw', params),
      signal,
    );
    if ([403, 404, 405, 415].includes(answer.status)) return 'no such route';
    const refused = statusError(url, answer);
    if (refused) throw refused;
    try {
      return decodeJsonAnswer(id, answer.body);
    } catch (error) {
      throw unreadable(url, error);
    }
  }

  /** Writes get a connection of their own: on a kept-alive one a reset says nothing about whether the write arrived. */
  private async post(
    kind: OdooCallKind,
    url: URL,
    contentType: string,
    body: string,
    signal?: AbortSignal,
  ): Promise<ExchangeAnswer> {
    const request = {
      url,
      contentType,
      body,
      signal,
      timeoutMs: this.timeouts[`${kind}Ms`],
      connectMs: this.timeouts.connectMs,
      maxResponseBytes: this.maxResponseBytes,
    };
    if (kind === 'write') return exchange({ ...request, agent: false });
    try {
      return await exchange({ ...request, agent: this.agent });
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return exchange({ ...request, agent: false });
    }
  }

  private unwrap(answer: RpcAnswer, origin: { method?: string; uid?: number }): unknown {
    if (answer.fault) throw classifyFault(answer.fault, origin);
    return answer.value;
  }

  /** What leaves the connector: an aborted read is an abort, and no message carries the secret. */
  private publicError(error: unknown, kind: OdooCallKind, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted && kind !== 'write') return signal.reason;
    const { secret } = this.connection;
    if (!(error instanceof OdooError) || secret === '' || !error.message.includes(secret)) return error;
    return new OdooError(error.class, error.message.replaceAll(secret, '***'), error);
  }
}

function unreadable(url: URL, cause: unknown): OdooError {
  return new OdooError('unknown_outcome', `${url.origin}${url.pathname} gave an answer that cannot be read`, {
    applied: 'maybe',
    cause: cause instanceof Error ? new Error(cause.message.slice(0, 200)) : undefined,
  });
}
