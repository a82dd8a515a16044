import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerBuild } from '@remix-run/node';
import { readConfig } from '../store/configuration';
import { createLog } from '../store/log';
import { rootDir } from '../store/root';
import { buildApp } from './app';
import { warmUpAll } from './cache/warm-up';
import { createDeps } from './create-deps';
import type { WebBuild } from './plugins/web';

/** The web app as `npm run build` left it; null when only the API was built. A later build takes the link, not our files. */
function loadWeb(): WebBuild | null {
  const link = join(rootDir, 'dist', 'web');
  if (!existsSync(join(link, 'server', 'index.js'))) return null;
  const folder = realpathSync(link);
  const server = require(join(folder, 'server', 'index.js')) as ServerBuild;
  return { clientDir: join(folder, 'client'), server };
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config, 'api');
  const { deps, close } = await createDeps(config, log);
  const web = loadWeb();
  if (web === null) log.warn('dist/web is missing: serving the API without the web app (npm run build)');
  const app = await buildApp({ deps, web });

  deps.health.start();

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    await app.close();
    await close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  // Ctrl-C reaches the whole group; under a supervisor it is the supervisor's to stop us, in order.
  process.on('SIGINT', () => void (config.supervised || stop('SIGINT')));

  try {
    await app.listen({ host: config.http.host, port: config.http.port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    process.stderr.write(`Port ${config.http.port} is in use; set PORT to another one or stop what uses it.\n`);
    process.exit(1);
  }
  await warmUpAll(deps);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${JSON.stringify({ level: 60, role: 'api', msg: String(error), stack: (error as Error).stack })}\n`,
  );
  process.exit(1);
});
