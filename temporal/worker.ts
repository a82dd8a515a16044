import { join } from 'node:path';
import { DefaultLogger, type LogEntry, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { FailureInterceptor } from '../activities/failures';
import { createMailClients } from '../activities/mail-clients';
import { createOdooClients } from '../activities/odoo-clients';
import { liveQueues } from '../domain/kinds';
import { createSecretBox } from '../store/secrets';
import { rootDir } from '../store/root';
import { activitiesOf } from './activities';
import { lazyClient } from './connect';
import { serveMetrics } from './metrics-server';
import { openProcess, runProcess } from './process';
import { queueOptions } from './queues';
import { prepareTemporal, startUpkeep } from './upkeep';

/** The SDK's exporter listens beside the process's own metrics. */
const sdkPortOffset = 10;

/** The SDK's lines, those of workflows and activities with their ids, are lines of our log. */
const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The worker's process: one worker for each of its task queues (NERVIO_QUEUES; all by default). */
runProcess('worker', async (config) => {
  const port = config.metrics.port ?? 9465;
  const sdkPort = port + sdkPortOffset;
  const parts = openProcess('worker', config);
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }: LogEntry) =>
      parts.log[levels[level]]({ ...meta }, message),
    ),
    telemetryOptions: { metrics: { prometheus: { bindAddress: `127.0.0.1:${sdkPort}` } } },
    shutdownSignals: [],
  });
  const metrics = await serveMetrics({ registry: parts.registry, host: config.metrics.host, port, sdkPort });
  const { client, close } = lazyClient(config.temporal);
  const { readMs, writeMs } = config.odooTimeouts;
  const secrets = createSecretBox(config.secret, config.previousSecret);
  const mail = createMailClients({ secrets });
  const odoo = createOdooClients({
    db: parts.db,
    secrets,
    options: { timeouts: { ...(readMs !== null && { readMs }), ...(writeMs !== null && { writeMs }) } },
  });
  const connection = await NativeConnection.connect({ address: config.temporal.address });
  const queues = config.queues ?? liveQueues;

  const stopping = new AbortController();
  const workers = await Promise.all(
    queues.map((queue) =>
      Worker.create({
        connection,
        namespace: config.temporal.namespace,
        taskQueue: queue,
        workflowBundle: { codePath: join(rootDir, 'dist', 'workflow-bundle.js') },
        activities: activitiesOf(queue, {
          db: parts.db,
          redis: parts.redis,
          odoo,
          mail,
          client,
          metrics: parts.metrics,
          stopping: stopping.signal,
        }),
        interceptors: { activity: [() => ({ inbound: new FailureInterceptor() })] },
        // An activity that has begun a call to Odoo gets time to finish it; it is resumable anyhow.
        shutdownGraceTime: '5s',
        shutdownForceTime: '10s',
        ...queueOptions[queue],
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  running.catch((error: unknown) => {
    parts.log.fatal({ err: error }, 'worker failed');
    process.exit(1);
  });
  let stopUpkeep = (): void => undefined;
  if (queues.includes('system')) {
    await prepareTemporal(client, parts.db);
    stopUpkeep = startUpkeep(client, parts.db, parts.log);
  }
  parts.log.info({ queues }, 'worker started');
  return {
    async stop() {
      stopUpkeep();
      stopping.abort();
      for (const worker of workers) worker.shutdown();
      await running;
      metrics.close();
      odoo.close();
      mail.close();
      await connection.close();
      await close();
      await parts.close();
    },
  };
});
