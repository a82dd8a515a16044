import http from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import Deserializer from 'xmlrpc/lib/deserializer';
import { serializeFault, serializeMethodResponse } from 'xmlrpc/lib/serializer';
import { Readable } from 'node:stream';

/** One call as it reached the server, whichever protocol it came by. */
export interface StubCall {
  path: string;
  contentType: string;
  body: string;
  /** XML-RPC method, or `service.method` of a JSON-RPC call. */
  method: string;
  params: unknown[];
  jsonId: unknown;
  socket: Socket;
  response: http.ServerResponse;
}

export type StubHandler = (call: StubCall) => void | Promise<void>;

/** A bare HTTP server that the test scripts call by call. Unlike the simulator it knows nothing of Odoo. */
export class StubServer {
  readonly calls: StubCall[] = [];
  private readonly server = http.createServer((request, response) => void this.receive(request, response));

  private constructor(private readonly handler: StubHandler) {}

  static async start(handler: StubHandler): Promise<StubServer> {
    const stub = new StubServer(handler);
    await new Promise<void>((resolve) => stub.server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const contentType = request.headers['content-type'] ?? '';
    const parsed = contentType === 'application/json' ? readJson(body) : await readXml(body);
    const call = { path: request.url ?? '', contentType, body, ...parsed, socket: request.socket, response };
    this.calls.push(call);
    await this.handler(call);
  }
}

/** Answers as Odoo does, in the protocol of the call. */
export function answer(call: StubCall, value: unknown): void {
  if (call.contentType === 'application/json') {
    call.response.setHeader('content-type', 'application/json');
    call.response.end(JSON.stringify({ jsonrpc: '2.0', id: call.jsonId, result: value }));
  } else {
    call.response.setHeader('content-type', 'text/xml; charset=utf-8');
    call.response.end(serializeMethodResponse(value));
  }
}

const exceptionNames: Record<number, string> = {
  1: 'builtins.ValueError',
  2: 'odoo.exceptions.UserError',
  3: 'odoo.exceptions.AccessDenied',
  4: 'odoo.exceptions.AccessError',
};

export function fault(call: StubCall, code: number, text: string): void {
  if (call.contentType === 'application/json') {
    const data = { name: exceptionNames[code], message: text, debug: text };
    call.response.end(
      JSON.stringify({ jsonrpc: '2.0', id: call.jsonId, error: { code: 200, message: 'Odoo Server Error', data } }),
    );
  } else {
    call.response.end(serializeFault({ faultCode: code, faultString: text }));
  }
}

/** A handler that logs everyone in as uid 2 and leaves the model calls to `objects`. */
export function loggedIn(objects: StubHandler): StubHandler {
  return (call) => (call.method === 'authenticate' ? answer(call, 2) : objects(call));
}

function readJson(body: string): { method: string; params: unknown[]; jsonId: unknown } {
  const request = JSON.parse(body) as { id: unknown; params: { method: string; args: unknown[] } };
  return { method: request.params.method, params: request.params.args, jsonId: request.id };
}

function readXml(body: string): Promise<{ method: string; params: unknown[]; jsonId: unknown }> {
  return new Promise((resolve, reject) => {
    new Deserializer('utf8').deserializeMethodCall(Readable.from([Buffer.from(body)]), (error, method, params) => {
      if (error || method === undefined) reject(error ?? new Error('no method'));
      else resolve({ method, params: params ?? [], jsonId: null });
    });
  });
}
