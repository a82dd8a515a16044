import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** The Temporal SDK's own metrics, from its exporter on `port`. Empty while it has none to tell. */
async function sdkMetrics(port: number): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(1_000) });
    return answer.ok ? await answer.text() : '';
  } catch {
    // The process's own metrics are worth more than none.
    return '# the SDK exporter did not answer\n';
  }
}

/** Serves `/metrics` (the process's and the SDK's, one text) and `/livez` on 127.0.0.1 or `host`. */
export function serveMetrics(options: {
  registry: Registry;
  host: string;
  port: number;
  sdkPort: number | null;
}): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/livez') {
      response.end('ok\n');
      return;
    }
    if (request.url !== '/metrics') {
      response.statusCode = 404;
      response.end();
      return;
    }
    Promise.all([options.registry.metrics(), options.sdkPort === null ? '' : sdkMetrics(options.sdkPort)]).then(
      (texts) => {
        response.setHeader('content-type', options.registry.contentType);
        response.end(texts.join('\n'));
      },
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${options.port} (metrics) is in use; set NERVIO_METRICS_PORT to another one or stop what uses it.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error);
    });
    server.listen(options.port, options.host, () => resolve(server));
  });
}
