import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { rootDir } from '../../store/root';

/** A process beside the stack's own, on a port of its own. */
export interface Beside {
  url: URL;
  pid: number;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** @param entry below dist/ @param ready path that is answered when it is up @param options of Node */
export async function startBeside(
  entry: string,
  env: Readonly<Record<string, string>>,
  ready: string,
  options: readonly string[],
): Promise<Beside> {
  const port = await freePort();
  const url = new URL(`http://127.0.0.1:${port}`);
  const profiling = process.env['NERVIO_BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  const child = spawn(
    process.execPath,
    [...profiling, ...options, '--enable-source-maps', join(rootDir, 'dist', entry)],
    {
      cwd: rootDir,
      env: { ...process.env, ...env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  await answered(child, new URL(ready, url));
  return {
    url,
    pid: child.pid!,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answered(child: ChildProcess, url: URL): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it answered`);
    try {
      // Any answer will do.
      await fetch(url, { signal: AbortSignal.timeout(1_000) });
      return;
    } catch {
      continue;
    }
  }
  throw new Error(`${url.href} does not answer`);
}

/** Lets parts of the stack stand still, and go on. */
export function signalParts(runDir: string, names: readonly string[], signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const file of readdirSync(runDir).filter((name) => name.endsWith('.json'))) {
    const { pid, name } = JSON.parse(readFileSync(join(runDir, file), 'utf8')) as { pid: number; name: string };
    if (names.includes(name)) process.kill(pid, signal);
  }
}
