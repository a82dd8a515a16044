import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { throwawayServers } from './lib/throwaway.mjs';

/** Runs prisma/check.ts against a PostgreSQL of its own. */
// The servers are watched by timers that do not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
const servers = await throwawayServers();
const { code, output } = await run(process.execPath, [join(root, 'dist/prisma/check.js')], {
  cwd: root,
  env: { ...process.env, DATABASE_URL: servers.env.NERVIO_TEST_DATABASE_URL },
});
await servers.stop();
clearInterval(alive);
process.stdout.write(output);
process.exit(code);
