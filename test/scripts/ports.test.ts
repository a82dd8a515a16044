import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { freePair, freePort, isFree, portInUse, requirePorts } from '../../scripts/lib/ports.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { listenerOf } from '../../scripts/lib/proc.mjs';
import { firstLine } from './support';

const LISTEN = `require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'));`;

describe('a port in use', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  /** Another process that listens on a port. */
  const listener = async (cwd: string) => {
    const port = await freePort();
    child = spawn(process.execPath, ['-e', LISTEN, String(port)], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    await firstLine(child);
    return port;
  };

  it('is one line that names the port, what it is for, the process and the variable', async () => {
    const port = await listener(tmpdir());
    await expect(requirePorts([{ port, variable: 'TEMPORAL_PORT', what: 'Temporal' }])).rejects.toThrow(
      new RegExp(
        `^Port ${port} \\(Temporal\\) is in use by process ${child?.pid}: .*node.* End it \\(kill ${child?.pid}\\), or set TEMPORAL_PORT to another port\\.$`,
      ),
    );
  });

  it('says so when the process is left over from this checkout', async () => {
    const port = await listener(root);
    expect(portInUse({ port, variable: 'PORT', what: 'web' })).toContain(
      `process ${child?.pid}, left over from an earlier start of this checkout:`,
    );
  });

  it('says what it can about a process that it may not see', () => {
    expect(portInUse({ port: 1, variable: 'PORT', what: 'web' }, null)).toBe(
      'Port 1 (web) is in use by a process that this user may not see; set PORT to another port.',
    );
  });

  it('names every port that is taken, one line each', async () => {
    const [a, b] = await Promise.all([listener(tmpdir()), freePort()]);
    const server = createServer().listen(b, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const asked = [a, b].map((port) => ({ port, variable: 'X', what: 'x' }));
    await expect(requirePorts(asked)).rejects.toThrow(new RegExp(`^Port ${a} .*\nPort ${b} .*$`));
    server.close();
  });
});

describe('a free port', () => {
  it('is free, and taken when somebody listens on it', async () => {
    const port = await freePort();
    expect(await isFree(port)).toBe(true);
    const server = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await isFree(port)).toBe(false);
    expect(listenerOf(port)?.pid).toBe(process.pid);
    server.close();
  });

  // A worker that was killed could not come back: a connection of somebody else's had gone out from its metrics port.
  it('is none that a connection which goes out may take while its process is gone for a moment', async () => {
    const range = '/proc/sys/net/ipv4/ip_local_port_range';
    const lowest = existsSync(range) ? Number(readFileSync(range, 'utf8').split(/\s+/)[0]) : 49_152;
    const ports = await Promise.all(Array.from({ length: 30 }, () => freePort()));
    for (const port of ports) expect(port).toBeLessThan(lowest);
  });

  // A stack asks for nine ports before any of its processes listens.
  it('is given once: whoever gets it does not listen there yet', async () => {
    const ports = await Promise.all(Array.from({ length: 400 }, () => freePort()));
    for (let pair = 0; pair < 50; pair++) {
      const port = await freePair(10);
      ports.push(port, port + 10);
    }
    expect(new Set(ports).size).toBe(500);
  });

  it('is the preferred one where possible', async () => {
    const preferred = await freePort();
    expect(await freePort(preferred)).toBe(preferred);
    const server = createServer().listen(preferred, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await freePort(preferred)).not.toBe((server.address() as AddressInfo).port);
    server.close();
  });
});
