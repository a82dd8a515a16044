import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { PASSWORD, postgresAnswers, preparePostgres } from '../../scripts/lib/postgres.mjs';
import { eventually } from './eventually';

/** A PostgreSQL of a test's own, that may be killed. */
export interface OwnPostgres {
  /** Of the maintenance database, as the owner. */
  url: string;
  /** At once, as a power cut: what was not committed is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startPostgres(): Promise<OwnPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'nervio-own-postgres-'));
  chmodSync(dir, 0o755); // As root PostgreSQL runs as another user, who must be able to walk in.
  const port = await freePort();
  const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const own: OwnPostgres = {
    url,
    async start() {
      const { command, args, ...how } = await preparePostgres(join(dir, 'data'), port);
      server = spawn(command, args, { ...how, stdio: 'ignore' });
      await eventually(
        () => postgresAnswers(url),
        Boolean,
        () => 'PostgreSQL does not answer',
        60_000,
      );
    },
    async kill() {
      if (!server) return;
      const ended = once(server, 'exit');
      server.kill('SIGQUIT');
      server = undefined;
      await ended;
    },
    async remove() {
      await own.kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await own.start();
  return own;
}
