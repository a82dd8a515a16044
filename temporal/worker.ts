import { join } from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { FailureInterceptor } from '../activities/failures';
import { createOdooClients } from '../activities/odoo-clients';
import type { TaskQueue } from '../domain/kinds';
import { createSecretBox } from '../store/secrets';
import { rootDir } from '../store/root';
import { activitiesOf } from './activities';
import { lazyClient } from './connect';
import { createRegistry, serveMetrics } from './metrics-server';
import { openProcess, runProcess } from './process';
import { liveQueues, queueOptions } from './queues';
import { prepareTemporal, startUpkeep } from './upkeep';

/** The SDK's exporter listens beside the process's own metrics. */
const sdkPortOffset = 10;

/** The worker's process: one worker for each of its task queues (NERVIO_QUEUES; all by default). */
runProcess('worker', async (config) => {
  const port = config.metrics.port ?? 9465;
  const sdkPort = port + sdkPortOffset;
  Runtime.install({
    telemetryOptions: { metrics: { prometheus: { bindAddress: `127.0.0.1:${sdkPort}` } } },
    shutdownSignals: [],
  });
  const parts = openProcess('worker', config);
  const registry = createRegistry();
  const metrics = await serveMetrics({ registry, host: config.metrics.host, port, sdkPort });
  const { client, close } = lazyClient(config.temporal);
  const { readMs, writeMs } = config.odooTimeouts;
  const odoo = createOdooClients({
    db: parts.db,
    secrets: createSecretBox(config.secret, config.previousSecret),
    options: { timeouts: { ...(readMs !== null && { readMs }), ...(writeMs !== null && { writeMs }) } },
  });
  const connection = await NativeConnection.connect({ address: config.temporal.address });
  const queues = (config.queues as TaskQueue[] | null) ?? liveQueues;

  const workers = await Promise.all(
    queues
      .filter((queue) => queueOptions[queue])
      .map((queue) =>
        Worker.create({
          connection,
          namespace: config.temporal.namespace,
          taskQueue: queue,
          workflowBundle: { codePath: join(rootDir, 'dist', 'workflow-bundle.js') },
          activities: activitiesOf(queue, { db: parts.db, odoo, client, registry }),
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
      for (const worker of workers) worker.shutdown();
      await running;
      metrics.close();
      odoo.close();
      await connection.close();
      await close();
      await parts.close();
    },
  };
});
