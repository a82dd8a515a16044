import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { applyControl, type Controlled } from './control/control';
import { Counters } from './control/counters';
import { Modes } from './control/modes';
import { type SimulatorState, stateOf } from './control/state';
import { Cluster } from './db/cluster';
import type { DelayMode } from './delays';
import { Front } from './http';
import { type DatabaseSeed, DEMO_DATABASES } from './seed/databases';
import type { RpcStruct } from './wire/values';

export interface OdooSimulatorOptions {
  /** TCP port; 0 takes any free one. */
  port: number;
  /** Address to listen on; left out = 127.0.0.1. */
  host?: string;
  /** Folder for its state; left out = in memory only. */
  dataDir?: string;
  /** `recorded` answers as slowly as the recorded servers did. */
  delays: DelayMode;
  /** Databases and how each is made; left out = demo (18), otra (17), demo16, demo17. */
  databases?: Readonly<Record<string, DatabaseSeed>>;
}

export interface OdooSimulator {
  url: string;
  port: number;
  /** The same as POST /_control. */
  control(body: RpcStruct): void;
  /** The same as GET /_state. */
  state(): SimulatorState;
  close(): Promise<void>;
}

/**
 * Starts the simulator inside this process.
 * @throws the listen error (EADDRINUSE) when the port is taken
 */
export async function startOdooSimulator(options: OdooSimulatorOptions): Promise<OdooSimulator> {
  const cluster = new Cluster(options.databases ?? DEMO_DATABASES, options.dataDir ?? null);
  const sockets = new Set<Socket>();
  const sim: Controlled = {
    cluster,
    modes: new Modes(),
    counters: new Counters(),
    delays: options.delays,
    serialization: 0,
    crash: 0,
    outages: 0,
    dropAll: () => busy.forEach((socket) => socket.destroy()),
  };
  const busy = new Set<Socket>();
  const front = new Front(sim);
  const server = createServer((request, response) => serve(front, busy, request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, options.port, options.host ?? '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    control: (body) => applyControl(sim, body),
    state: () => stateOf(cluster, sim.counters, sim.modes),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      cluster.close();
    },
  };
}

/** RPC calls under way are known by their socket, so that `down` can cut them; control requests are not among them. */
function serve(front: Front, busy: Set<Socket>, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (!request.url?.startsWith('/_')) busy.add(socket);
  response.on('close', () => busy.delete(socket));
  front.handle(request, response).catch((error: unknown) => {
    // A mistake of the simulator itself: loud, and never mistaken for an answer of Odoo.
    if (!socket.destroyed) console.error(error);
    if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
    response.end(`simulator error: ${String(error)}`);
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
