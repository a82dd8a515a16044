import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { throwawayServers } from './lib/throwaway.mjs';

/** Runs prisma/check.ts against a PostgreSQL of its own. */
const servers = await throwawayServers();
const { code, output } = await run(process.execPath, [join(root, 'dist/prisma/check.js')], {
  cwd: root,
  env: { ...process.env, DATABASE_URL: servers.env.NERVIO_TEST_DATABASE_URL },
});
await servers.stop();
process.stdout.write(output);
process.exit(code);
