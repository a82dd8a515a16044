import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataFolderFindings,
  diskFinding,
  healthFindings,
  memoryFinding,
  portFinding,
  programFinding,
  startFinding,
} from '../../scripts/lib/findings.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { startedAt } from '../../scripts/lib/proc.mjs';
import { firstLine, scratchFolder } from './support';

const dir = scratchFolder();

describe('a program', () => {
  const redis = { name: 'Redis', path: undefined, version: '', comes: false, fix: 'install it' };

  it.each([
    ['that is there', { path: '/usr/bin/redis-server', version: 'v7' }, 'ok', 'Redis: v7 (/usr/bin/redis-server)'],
    ['that comes by itself', { comes: true }, 'note', 'Redis is missing; it is installed when it is needed'],
    ['that the person runs elsewhere', { theirs: 'REDIS_URL' }, 'ok', 'Redis: yours (REDIS_URL)'],
    ['that is missing', {}, 'bad', 'Redis is missing'],
    ['that only tests need', { needed: false }, 'note', 'Redis is missing (only some tests need it)'],
  ])('%s', (_, with_, level, what) => {
    expect(programFinding({ ...redis, ...with_ })).toMatchObject({ level, what });
  });
});

describe('a port', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  const taken = async () => {
    const port = await freePort();
    const listen = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
    child = spawn(process.execPath, ['-e', listen], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
    await firstLine(child);
    return { wanted: { port, variable: 'PORT', what: 'web' }, pid: child.pid ?? 0 };
  };

  it('that is free is well', async () => {
    const port = await freePort();
    expect(await portFinding({ port, variable: 'PORT', what: 'web' }, [])).toEqual({
      level: 'ok',
      what: `port ${port} (web): free`,
    });
  });

  it('that a stranger holds must be mended: by whom, and how', async () => {
    const { wanted, pid } = await taken();
    const finding = await portFinding(wanted, []);
    expect(finding).toMatchObject({ level: 'bad', fix: `kill ${pid}, or set PORT to another port` });
    expect(finding.what).toContain(`taken by process ${pid}: `);
  });

  it('that our own process holds is well', async () => {
    const { wanted, pid } = await taken();
    expect(await portFinding(wanted, [{ pid, name: 'api' }])).toEqual({
      level: 'ok',
      what: `port ${wanted.port} (web): api of this checkout (process ${pid})`,
    });
  });
});

describe('space', () => {
  const disk = (gib: number) => diskFinding('disk', '/data', () => ({ bavail: gib * 2 ** 18, bsize: 4096 })).level;

  it('on the disk: enough, little, none', () => {
    expect([disk(50), disk(2), disk(0.25)]).toEqual(['ok', 'note', 'bad']);
  });

  it('in memory', () => {
    expect([memoryFinding(2 ** 30, 2 ** 33).level, memoryFinding(2 ** 29, 2 ** 30).level]).toEqual(['ok', 'note']);
  });
});

describe('the data folder', () => {
  const folder = () => {
    const data = mkdtempSync(join(dir, 'data-'));
    mkdirSync(join(data, 'postgres'), { mode: 0o700 });
    writeFileSync(join(data, 'secret'), 'x', { mode: 0o600 });
    return data;
  };
  const bad = (data: string, me: object) =>
    dataFolderFindings(data, me).flatMap(({ level, fix }) => (level === 'bad' ? [fix] : []));
  const me = { uid: process.getuid?.() };

  it('is well as npm start made it', () => {
    chmodSync(dir, 0o755);
    expect(bad(folder(), me)).toEqual([]);
  });

  it('has no secret that others can read', () => {
    const data = folder();
    chmodSync(join(data, 'secret'), 0o644);
    expect(bad(data, me)).toEqual([`chmod 600 ${join(data, 'secret')}`]);
  });

  it('has no database that others can read', () => {
    const data = folder();
    chmodSync(join(data, 'postgres'), 0o755);
    expect(bad(data, me)).toEqual([`chmod 700 ${join(data, 'postgres')}`]);
  });

  it('belongs to who starts it', () => {
    const data = folder();
    expect(bad(data, { uid: 54321 })[0]).toContain(`chown -R $(id -un) ${join(data, 'postgres')}`);
  });

  it('need not be there yet', () => {
    expect(dataFolderFindings(join(dir, 'none'))).toEqual([
      { level: 'note', what: `no data yet (${join(dir, 'none')}); npm start makes it` },
    ]);
  });
});

describe('what runs', () => {
  const alive = { pid: process.pid, started: startedAt(process.pid) };

  it.each([
    ['nothing', undefined, [], 'ok', 'npm start does not run'],
    ['a start', alive, [{ pid: 1, name: 'api' }], 'ok', `npm start runs (process ${process.pid}) with api`],
    [
      'leftovers',
      { pid: process.pid, started: 'another life' },
      [{ pid: 7, name: 'redis' }],
      'note',
      'an earlier npm start was killed and left redis (7)',
    ],
  ])('%s', (_, starter, wards, level, what) => {
    expect(startFinding({ starter, wards })).toMatchObject({ level, what });
  });
});

describe('what /health says', () => {
  const up = { name: 'postgres', state: 'up', latencyMs: 0.4 };
  const well = { status: 'up', parts: [up], outside: [], outbox: { rows: 0, oldestSeconds: 0 } };
  const shops = { kind: 'odoo', total: 2, up: 2, down: 0, toMend: 0, state: 'up' };
  const levels = (health: object) => healthFindings({ ...well, ...health }).map(({ level }) => level);

  it('all well is well', () => {
    expect(levels({ outside: [shops] })).toEqual(['ok', 'ok']);
  });

  it('a part that is down must be mended, with the log to look at', () => {
    expect(
      healthFindings({
        ...well,
        parts: [{ name: 'worker', state: 'down', latencyMs: null, detail: 'no_answer', since: '10:02' }],
      }),
    ).toEqual([
      {
        level: 'bad',
        what: 'worker: down (no_answer) since 10:02',
        fix: expect.stringContaining('worker.log') as string,
      },
    ]);
  });

  it('an outside system that is down mends itself, one that refuses us does not', () => {
    expect(levels({ outside: [{ ...shops, up: 1, down: 1, state: 'degraded' }] })).toEqual(['ok', 'note']);
    expect(healthFindings({ ...well, outside: [{ ...shops, up: 1, toMend: 1, state: 'degraded' }] })[1]?.fix).toContain(
      'key',
    );
  });

  it('an old outbox must be mended', () => {
    expect(levels({ outbox: { rows: 12, oldestSeconds: 90 } })).toEqual(['ok', 'bad']);
  });
});

describe('npm run doctor', () => {
  const doctor = (env: object) =>
    spawnSync(process.execPath, [join(root, 'scripts/doctor.mjs')], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });

  it('ends with 1 and names the variable when a setting is wrong', () => {
    const { status, stderr } = doctor({ PORT: 'http' });
    expect({ status, stderr: stderr.trim() }).toEqual({
      status: 1,
      stderr: 'PORT must be a port (1 to 65535); it is "http".',
    });
  });

  it('ends with 1 and says what to do when something must be mended', () => {
    const { status, stdout } = doctor({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ REDIS_URL: does not answer\n\s+→ start that server/);
  });
});
