import { Redis } from 'ioredis';
import { onHint } from '../store/hints';
import { lazyClient } from './connect';
import { Dispatcher } from './dispatch';
import { serveMetrics } from './metrics-server';
import { openProcess, runProcess } from './process';

/** The dispatcher's process: hands the outbox to Temporal. Any number of them may run. */
runProcess('dispatcher', async (config) => {
  const parts = openProcess('dispatcher', config);
  const { client, close } = lazyClient(config.temporal);
  const dispatcher = new Dispatcher({ db: parts.db, client, log: parts.log });
  const subscriber = new Redis(config.redisUrl, { maxRetriesPerRequest: null });
  subscriber.on('error', (error: Error) => parts.log.debug({ err: error }, 'redis'));
  onHint(subscriber, 'outbox', () => dispatcher.hint());
  const metrics = await serveMetrics({
    registry: parts.registry,
    host: config.metrics.host,
    port: config.metrics.port ?? 9466,
    sdkPort: null,
  });
  dispatcher.start();
  parts.log.info('dispatcher started');
  return {
    async stop() {
      await dispatcher.stop();
      metrics.close();
      subscriber.disconnect();
      await close();
      await parts.close();
    },
  };
});
