import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRegistry } from '../store/process-metrics';
import { serveMetrics } from './metrics-server';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const serve = async (options: { port?: number; sdkPort?: number | null } = {}): Promise<Server> => {
  const server = await serveMetrics({
    registry: createRegistry(),
    host: '127.0.0.1',
    port: 0,
    sdkPort: null,
    ...options,
  });
  open.push(server);
  return server;
};
const read = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

describe('the metrics of a worker', () => {
  it('are one text: the process’s own and the Temporal SDK’s', async () => {
    const sdk = createServer((_, response) => response.end('temporal_worker_start{task_queue="pallets"} 1\n'));
    open.push(sdk.listen(0, '127.0.0.1'));
    await once(sdk, 'listening');
    const text = await read(portOf(await serve({ sdkPort: portOf(sdk) })));
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).toMatch(/^temporal_worker_start\{task_queue="pallets"\} 1$/m);
  });

  it('are told without the SDK’s when that says nothing', async () => {
    const gone = await serve();
    const port = portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await read(portOf(await serve({ sdkPort: port })))).toMatch(/^process_cpu_seconds_total /m);
  });

  it('need a port: one that is taken is a line that names the variable', async () => {
    const port = portOf(await serve());
    await expect(serve({ port })).rejects.toThrow(
      `Port ${port} (metrics) is in use; set NERVIO_METRICS_PORT to another one or stop what uses it.`,
    );
  });
});
