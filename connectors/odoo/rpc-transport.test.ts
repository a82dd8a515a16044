import net, { type AddressInfo } from 'node:net';
import { type OdooOptions } from './config';
import { OdooError, type OdooApplied, type OdooErrorClass } from './errors';
import { OdooRpcTransport } from './rpc-transport';
import { answer, fault, loggedIn, StubServer, type StubCall, type StubHandler } from './testing/stub-server';
import { type OdooCallKind } from './transport';

const secret = 'sk-very-secret-key';
const open: { stop(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.stop();
});

async function serve(handler: StubHandler): Promise<StubServer> {
  const server = await StubServer.start(handler);
  open.push(server);
  return server;
}

function connect(url: string, options?: OdooOptions): OdooRpcTransport {
  const transport = new OdooRpcTransport({ url, database: 'demo', login: 'bodega', secret }, options);
  open.push({ stop: () => transport.close() });
  return transport;
}

const call = (transport: OdooRpcTransport, kind: OdooCallKind, signal?: AbortSignal): Promise<unknown> =>
  transport.call(kind, 'stock.picking', kind === 'write' ? 'action_confirm' : 'read', [[1]], {}, signal);

async function failure(promise: Promise<unknown>): Promise<OdooError> {
  const error: unknown = await promise.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OdooError)) throw error;
  return error;
}

async function expectFailure(
  promise: Promise<unknown>,
  errorClass: OdooErrorClass,
  applied: OdooApplied,
): Promise<OdooError> {
  const error = await failure(promise);
  expect({ class: error.class, applied: error.applied }).toEqual({ class: errorClass, applied });
  expect(error.message + String(error.cause)).not.toContain(secret);
  return error;
}

/** A handler that answers every model call with the same HTTP answer. */
const httpAnswer = (status: number, body: string, headers: Record<string, string> = {}): StubHandler =>
  loggedIn(({ response }) => void response.writeHead(status, headers).end(body));

describe('how far a call came', () => {
  test('nobody listens: unreachable, nothing applied', async () => {
    const server = await StubServer.start(() => undefined);
    const { url } = server;
    await server.stop();
    await expectFailure(call(connect(url), 'write'), 'unreachable', 'no');
  });

  test('a name that does not exist: unreachable', async () => {
    await expectFailure(call(connect('http://odoo.invalid'), 'write'), 'unreachable', 'no');
  });

  test('plain HTTP where TLS is expected: unreachable', async () => {
    const server = await serve(() => undefined);
    await expectFailure(call(connect(server.url.replace('http:', 'https:')), 'write'), 'unreachable', 'no');
  });

  test('a connection that never stands: unreachable after connectMs', async () => {
    // TLS against a server that says nothing: the handshake never ends.
    const silent = net.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const sockets: net.Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    open.push({
      stop: () => {
        sockets.forEach((socket) => socket.destroy());
        silent.close();
      },
    });
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expectFailure(call(connect(url, { timeouts: { connectMs: 100 } }), 'write'), 'unreachable', 'no');
  });

  test('reset after the write was sent: maybe applied, and sent once', async () => {
    const server = await serve(loggedIn(({ socket }) => void socket.resetAndDestroy()));
    await expectFailure(call(connect(server.url), 'write'), 'unknown_outcome', 'maybe');
    expect(server.calls.filter((seen) => seen.method === 'execute_kw')).toHaveLength(1);
  });

  test('closed in the middle of the answer: maybe applied', async () => {
    const server = await serve(
      loggedIn(({ response, socket }) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('<?xml version="1.0"?>', () => socket.destroy());
      }),
    );
    await expectFailure(call(connect(server.url), 'write'), 'unknown_outcome', 'maybe');
  });

  test('no answer in time: maybe applied', async () => {
    const server = await serve(loggedIn(() => undefined));
    await expectFailure(
      call(connect(server.url, { timeouts: { writeMs: 1_500 } }), 'write'),
      'unknown_outcome',
      'maybe',
    );
  });

  test('an answer that drips: the time-out counts the whole of it', async () => {
    const server = await serve(
      loggedIn(({ response }) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      }),
    );
    await expectFailure(call(connect(server.url, { timeouts: { readMs: 1_500 } }), 'read'), 'unknown_outcome', 'maybe');
  });

  test('a log-in that fails in between leaves the write unsent', async () => {
    const server = await serve(({ socket }) => void socket.resetAndDestroy());
    const error = await expectFailure(call(connect(server.url), 'write'), 'unreachable', 'no');
    expect(error.message).toContain('Logging in failed');
    expect(server.calls.every((seen) => seen.method === 'authenticate')).toBe(true);
  });
});

describe('aborting', () => {
  const reason = new Error('the activity was cancelled');

  test('before anything was sent: the reason itself', async () => {
    const server = await serve(loggedIn((seen) => answer(seen, true)));
    await expect(call(connect(server.url), 'write', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.calls.filter((seen) => seen.method === 'execute_kw')).toHaveLength(0);
  });

  test('a read under way: the reason itself', async () => {
    const abort = new AbortController();
    const server = await serve(loggedIn(() => abort.abort(reason)));
    await expect(call(connect(server.url), 'read', abort.signal)).rejects.toBe(reason);
  });

  test('a write under way: maybe applied', async () => {
    const abort = new AbortController();
    const server = await serve(loggedIn(() => abort.abort(reason)));
    const error = await expectFailure(call(connect(server.url), 'write', abort.signal), 'unknown_outcome', 'maybe');
    expect(error.cause).toBe(reason);
  });

  test('one asker leaving does not fail the log-in of the others', async () => {
    const abort = new AbortController();
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      release = resolve;
    });
    let finishLogin: () => void = () => undefined;
    const server = await serve((seen) => {
      if (seen.method !== 'authenticate') return answer(seen, true);
      finishLogin = () => answer(seen, 2);
      release();
    });
    const transport = connect(server.url);
    const leaving = call(transport, 'write', abort.signal);
    const staying = call(transport, 'write');
    await arrived;
    abort.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    finishLogin();
    await expect(staying).resolves.toBe(true);
  });
});

describe('HTTP answers that are not Odoo’s', () => {
  const statuses: [number, OdooErrorClass, OdooApplied][] = [
    [500, 'unknown_outcome', 'maybe'],
    [502, 'unknown_outcome', 'maybe'],
    [503, 'unknown_outcome', 'maybe'],
    [504, 'unknown_outcome', 'maybe'],
    [408, 'unknown_outcome', 'maybe'],
    [401, 'forbidden', 'no'],
    [403, 'forbidden', 'no'],
    [404, 'incompatible', 'no'],
    [413, 'incompatible', 'no'],
    [301, 'incompatible', 'no'],
  ];
  test.each(statuses)('HTTP %d to a write is %s, applied: %s', async (status, errorClass, applied) => {
    const server = await serve(httpAnswer(status, '<html><body>nginx</body></html>'));
    const error = await expectFailure(call(connect(server.url), 'write'), errorClass, applied);
    expect(error.httpStatus).toBe(status);
  });

  test('a redirect names the address to use', async () => {
    const server = await serve(httpAnswer(301, '', { location: 'https://odoo.example.com/xmlrpc/2/object' }));
    expect((await failure(call(connect(server.url), 'write'))).message).toContain('https://odoo.example.com');
  });

  test('429 with Retry-After in seconds', async () => {
    const server = await serve(httpAnswer(429, 'slow down', { 'retry-after': '7' }));
    expect((await expectFailure(call(connect(server.url), 'write'), 'throttled', 'no')).retryAfterMs).toBe(7_000);
  });

  test('429 with Retry-After as a date', async () => {
    const server = await serve(
      httpAnswer(429, 'slow down', { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }),
    );
    const { retryAfterMs } = await expectFailure(call(connect(server.url), 'read'), 'throttled', 'no');
    expect(retryAfterMs).toBeGreaterThan(25_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  test.each([
    ['a page instead of XML', '<html><body>Maintenance</body></html>'],
    ['half an answer', '<?xml version="1.0"?><methodResponse><params><param><value><array><data><value><int>1</int>'],
    ['nothing', ''],
    ['something else', '{"result": true}'],
    [
      'an impossible value',
      '<methodResponse><params><param><value><boolean>yes</boolean></value></param></params></methodResponse>',
    ],
  ])('200 with %s for a write: maybe applied', async (_what, body) => {
    const server = await serve(httpAnswer(200, body));
    await expectFailure(call(connect(server.url), 'write'), 'unknown_outcome', 'maybe');
  });

  test.each([
    ['a page', '<html></html>'],
    ['half an answer', '{"jsonrpc": "2.0", "id": 1, "resu'],
    ['the answer to another call', '{"jsonrpc": "2.0", "id": 999, "result": []}'],
    ['a bare value', '[]'],
  ])('200 with %s for a read: unknown_outcome', async (_what, body) => {
    const server = await serve(httpAnswer(200, body));
    await expectFailure(call(connect(server.url), 'read'), 'unknown_outcome', 'maybe');
  });

  test.each(['read', 'write'] as const)('a %s stops reading an answer without end', async (kind) => {
    let closed = false;
    const server = await serve(
      loggedIn(({ response, socket }) => {
        const more = (): void => {
          while (!closed && response.write('x'.repeat(16_384)));
        };
        socket.on('close', () => (closed = true));
        response.on('drain', more);
        more();
      }),
    );
    const error = await expectFailure(
      call(connect(server.url, { maxResponseBytes: 100_000 }), kind),
      'unknown_outcome',
      'maybe',
    );
    expect(error.message).toContain('100000 bytes');
  });
});

describe('the two roads', () => {
  test('commands go by XML-RPC, reads by JSON-RPC, both pinned to English and UTC', async () => {
    const server = await serve(loggedIn((seen) => answer(seen, [])));
    const transport = connect(`${server.url}/`);
    await transport.call('write', 'stock.picking', 'action_confirm', [[7]], { context: { lang: 'es_CL', skip: true } });
    await transport.call('read', 'stock.location', 'search_read', [[]], { fields: ['name'] });
    expect(server.calls.map((seen) => [seen.path, seen.contentType])).toEqual([
      ['/xmlrpc/2/common', 'text/xml'],
      ['/xmlrpc/2/object', 'text/xml'],
      ['/jsonrpc', 'application/json'],
    ]);
    expect(server.calls.map((seen) => seen.params)).toEqual([
      ['demo', 'bodega', secret, {}],
      [
        'demo',
        2,
        secret,
        'stock.picking',
        'action_confirm',
        [[7]],
        { context: { lang: 'en_US', tz: 'UTC', skip: true } },
      ],
      [
        'demo',
        2,
        secret,
        'stock.location',
        'search_read',
        [[]],
        { fields: ['name'], context: { lang: 'en_US', tz: 'UTC' } },
      ],
    ]);
  });

  test('an Odoo below a path', async () => {
    const server = await serve(loggedIn((seen) => answer(seen, true)));
    await call(connect(`${server.url}/erp/`), 'write');
    expect(server.calls.map((seen) => seen.path)).toEqual(['/erp/xmlrpc/2/common', '/erp/xmlrpc/2/object']);
  });

  test('without /jsonrpc reads go by XML-RPC, and it is not tried each time', async () => {
    const server = await serve(
      loggedIn((seen) =>
        seen.path === '/jsonrpc' ? void seen.response.writeHead(404).end('Not Found') : answer(seen, [{ id: 1 }]),
      ),
    );
    const transport = connect(server.url);
    expect(await call(transport, 'read')).toEqual([{ id: 1 }]);
    expect(await call(transport, 'read')).toEqual([{ id: 1 }]);
    expect(server.calls.filter((seen) => seen.path === '/jsonrpc')).toHaveLength(1);
  });

  test('a read survives a kept-alive connection that the server closed', async () => {
    let reads = 0;
    const server = await serve(
      loggedIn((seen) => {
        reads++;
        if (reads === 2) seen.socket.resetAndDestroy();
        else answer(seen, reads);
      }),
    );
    const transport = connect(server.url);
    expect(await call(transport, 'read')).toBe(1);
    expect(await call(transport, 'read')).toBe(3);
  });

  test.each(['a\u0000b', Number.NaN, 2 ** 40, undefined])(
    'what Odoo cannot take (case %#) is refused before it is sent',
    async (value) => {
      const server = await serve(loggedIn((seen) => answer(seen, true)));
      await expectFailure(
        connect(server.url).call('write', 'stock.picking', 'write', [[1], { origin: value }]),
        'refused',
        'no',
      );
      expect(server.calls.filter((seen) => seen.method === 'execute_kw')).toHaveLength(0);
    },
  );

  test('texts arrive as they are', async () => {
    const server = await serve(loggedIn((seen) => answer(seen, true)));
    const origin = 'Cámara <1> & "ñandú" 🐟 ]]> \n fin';
    await connect(server.url).call('write', 'stock.picking', 'write', [[1], { origin }]);
    expect(server.calls[1]?.params[5]).toEqual([[1], { origin }]);
  });
});

describe('logging in', () => {
  test('once for many calls at the same time', async () => {
    const server = await serve(loggedIn((seen) => answer(seen, true)));
    const transport = connect(server.url);
    await Promise.all([call(transport, 'write'), call(transport, 'read'), call(transport, 'probe')]);
    await call(transport, 'write');
    expect(server.calls.filter((seen) => seen.method === 'authenticate')).toHaveLength(1);
  });

  test('refused: bad_credentials, and the next call tries again', async () => {
    let accepts = false;
    const server = await serve((seen) => answer(seen, seen.method === 'authenticate' ? accepts && 2 : true));
    const transport = connect(server.url);
    await expectFailure(call(transport, 'write'), 'bad_credentials', 'no');
    accepts = true;
    await expect(call(transport, 'write')).resolves.toBe(true);
  });

  test.each([
    ['fault 3', 3, 'Access Denied'],
    ['an unknown uid', 2, 'Record does not exist or has been deleted.\n(Record: res.users(2,), User: 2)'],
  ])('%s: one new log-in, then the call again', async (_what, code, text) => {
    let uid = 2;
    const server = await serve((seen) => {
      if (seen.method === 'authenticate') answer(seen, uid);
      else if (seen.params[1] === uid) answer(seen, true);
      else fault(seen, code, text);
    });
    const transport = connect(server.url);
    await call(transport, 'write');
    uid = 9;
    await expect(call(transport, 'write')).resolves.toBe(true);
    expect(server.calls.filter((seen) => seen.method === 'authenticate')).toHaveLength(2);
  });

  test.each(['read', 'write'] as const)('a key that stays refused ends a %s after one new log-in', async (kind) => {
    const server = await serve(loggedIn((seen) => fault(seen, 3, 'Access Denied')));
    await expectFailure(call(connect(server.url), kind), 'bad_credentials', 'no');
    expect(server.calls.map((seen) => seen.method)).toEqual([
      'authenticate',
      'execute_kw',
      'authenticate',
      'execute_kw',
    ]);
  });

  test('a message that quotes the key is scrubbed', async () => {
    const server = await serve(loggedIn((seen) => fault(seen, 2, `no user with key ${secret}`)));
    const error = await expectFailure(call(connect(server.url), 'write'), 'refused', 'no');
    expect(error.message).toBe('no user with key ***');
  });
});

describe('version', () => {
  test('needs no log-in', async () => {
    const server = await serve((seen: StubCall) =>
      answer(seen, { server_version: '18.0+e-20250619', server_version_info: [18, 0, 0, 'final', 0, ''] }),
    );
    expect(await connect(server.url).version()).toEqual({
      serverVersion: '18.0+e-20250619',
      info: [18, 0, 0, 'final', 0, ''],
    });
    expect(server.calls).toHaveLength(1);
  });

  test('something else that speaks XML-RPC is incompatible', async () => {
    const server = await serve((seen) => answer(seen, 'WordPress'));
    await expectFailure(connect(server.url).version(), 'incompatible', 'no');
  });
});

test.each(['not a url', 'ftp://odoo.example.com'])('the address %s is unreachable', (url) => {
  expect(() => connect(url)).toThrow(expect.objectContaining({ class: 'unreachable', applied: 'no' }));
});
