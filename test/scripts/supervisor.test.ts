import { execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Supervisor } from '../../scripts/lib/supervisor.mjs';
import { isAlive, startedAt } from '../../scripts/lib/proc.mjs';
import { leftovers, noteWard, stopInTurns } from '../../scripts/lib/wards.mjs';
import { capturedOutput, firstLine, scratchFolder, until } from './support';

const dir = scratchFolder();
const lines = capturedOutput();
let number = 0;

/** A supervisor with folders of its own. */
function supervisor() {
  const own = join(dir, String(++number));
  mkdirSync(join(own, 'logs'), { recursive: true });
  return { own, sut: new Supervisor({ logs: join(own, 'logs'), run: join(own, 'run') }) };
}

/** A child that appends to a journal when it starts and when it is told to stop. */
const child = (own: string, name: string, turn: number, body = '', extra: object = {}) => ({
  name,
  turn,
  launch: () => ({
    command: process.execPath,
    args: [
      '-e',
      `const { appendFileSync } = require('node:fs');
       const note = (what) => appendFileSync(${JSON.stringify(join(own, 'journal'))}, what + ' ${name} ' + process.pid + '\\n');
       process.on('SIGTERM', () => setTimeout(() => { note('stopped'); process.exit(0); }, 100));
       setInterval(() => undefined, 1000);
       ${body}
       note('started');`,
    ],
  }),
  ready: () => Promise.resolve(journal(own).some((entry) => entry.startsWith(`started ${name} `))),
  ...extra,
});

const journal = (own: string) =>
  existsSync(join(own, 'journal')) ? readFileSync(join(own, 'journal'), 'utf8').trim().split('\n') : [];
const pidsOf = (own: string, name: string) =>
  journal(own).flatMap((entry) => (entry.startsWith(`started ${name} `) ? [Number(entry.split(' ')[2])] : []));

describe('the supervisor', () => {
  it('starts a child that died again, and says so in one line', async () => {
    const { own, sut } = supervisor();
    await sut.start(child(own, 'api', 1));
    process.kill(pidsOf(own, 'api')[0] ?? 0, 'SIGKILL');
    await until('the child runs again', () => pidsOf(own, 'api').length === 2);
    await until('it is said', () => lines.some((text) => text.startsWith('✓ api runs again')));
    expect(lines).toContainEqual(expect.stringMatching(/^! api ended \(SIGKILL\); started again in 0\.5 s/));
    await sut.stop();
  });

  it('waits longer each time', async () => {
    const { own, sut } = supervisor();
    await sut.start(child(own, 'api', 1));
    for (const run of [1, 2]) {
      process.kill(pidsOf(own, 'api').at(-1) ?? 0, 'SIGKILL');
      await until('the child runs again', () => pidsOf(own, 'api').length === run + 1);
    }
    expect(
      lines.filter((text) => text.includes('started again in')).map((text) => /in ([\d.]+ s)/.exec(text)?.[1]),
    ).toEqual(['0.5 s', '1.0 s']);
    await sut.stop();
  });

  it('gives up a child that never gets up, with the last lines of its log', async () => {
    const { own, sut } = supervisor();
    const broken = child(own, 'worker', 1, `console.error('DATABASE_URL is nonsense'); process.exit(7);`);
    await expect(sut.start(broken)).rejects.toMatchObject({
      message: 'worker does not start: it ended 3 times (7).',
      hints: expect.arrayContaining(['  DATABASE_URL is nonsense']) as string[],
    });
    await sut.stop();
  });

  it('says of a program that is not there that it does not start', async () => {
    const { own, sut } = supervisor();
    const missing = { ...child(own, 'redis', 1), launch: () => ({ command: join(own, 'no-such-program'), args: [] }) };
    await expect(sut.start(missing)).rejects.toThrow(/^redis does not start: it ended 3 times \(spawn .* ENOENT\)\.$/);
    await sut.stop();
  });

  it('stops in turns: the next turn hears of it when the one before has ended', async () => {
    const { own, sut } = supervisor();
    await Promise.all([
      sut.start(child(own, 'postgres', 3, '', { apart: true })),
      sut.start(child(own, 'api', 1)),
      sut.start(child(own, 'simulator', 2)),
    ]);
    const running = ['postgres', 'api', 'simulator'].flatMap((name) => pidsOf(own, name));
    await sut.stop();
    expect(
      journal(own)
        .filter((entry) => entry.startsWith('stopped'))
        .map((entry) => entry.split(' ')[1]),
    ).toEqual(['api', 'simulator', 'postgres']);
    expect(running.map(startedAt)).toEqual(['', '', '']);
    expect(readdirSync(join(own, 'run'))).toEqual([]);
  });

  it('ends a child that does not want to stop', async () => {
    const { own, sut } = supervisor();
    await sut.start(
      child(own, 'worker', 1, `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => undefined);`, {
        stopMs: 200,
      }),
    );
    await sut.stop();
    expect(startedAt(pidsOf(own, 'worker')[0] ?? 0)).toBe('');
    expect(lines).toContainEqual(expect.stringMatching(/^worker \(pid \d+\) did not stop in 0\.2 s and is ended$/));
  });

  it('stops a child that is frozen', async () => {
    const { own, sut } = supervisor();
    await sut.start(child(own, 'worker', 1));
    process.kill(pidsOf(own, 'worker')[0] ?? 0, 'SIGSTOP');
    await sut.stop();
    expect(journal(own).at(-1)).toMatch(/^stopped worker/);
  });

  it('shows warnings of a JSON log on the terminal once, and keeps every line in its file', async () => {
    const { own, sut } = supervisor();
    const warn = `for (let i = 0; i < 3; i++) console.log(JSON.stringify({ level: 40, msg: 'Odoo does not answer', i }));
      console.log(JSON.stringify({ level: 30, msg: 'calm' }));`;
    await sut.start(child(own, 'api', 1, warn));
    await sut.stop();
    expect(lines.filter((text) => text.includes('Odoo does not answer'))).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d api WARN Odoo does not answer$/),
    ]);
    expect(lines.some((text) => text.includes('calm'))).toBe(false);
    expect(
      readFileSync(join(own, 'logs', 'api.log'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(4);
  });

  it('fails a task with the last lines of its log', async () => {
    const { sut } = supervisor();
    const task = {
      command: process.execPath,
      args: ['-e', `console.error('relation "x" is missing'); process.exit(1)`],
    };
    await expect(sut.task('migrate', task)).rejects.toMatchObject({
      message: 'migrate failed (1).',
      hints: expect.arrayContaining(['  relation "x" is missing']) as string[],
    });
    await sut.stop();
  });

  it('has the last lines of a failed task however long files take', async () => {
    const { own, sut } = supervisor();
    const task = {
      command: process.execPath,
      args: ['-e', `console.error('relation "x" is missing'); process.exit(1)`],
    };
    const goOn = await holdFiles(own);
    await expect(sut.task('migrate', task).finally(goOn)).rejects.toMatchObject({
      hints: expect.arrayContaining(['  relation "x" is missing']) as string[],
    });
    await sut.stop();
  });

  it('has the last lines of a failed task that left somebody behind', async () => {
    const { own, sut } = supervisor();
    const task = {
      command: process.execPath,
      args: [
        '-e',
        `const { spawn } = require('node:child_process');
         const left = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' });
         require('node:fs').writeFileSync(${JSON.stringify(join(own, 'left'))}, String(left.pid));
         console.error('relation "x" is missing'); process.exit(1)`,
      ],
    };
    await expect(sut.task('migrate', task)).rejects.toMatchObject({
      hints: expect.arrayContaining(['  relation "x" is missing']) as string[],
    });
    process.kill(Number(readFileSync(join(own, 'left'), 'utf8')), 'SIGKILL');
    await sut.stop();
  });

  it('has each line in the log and no run file left when it has stopped', async () => {
    const { own, sut } = supervisor();
    const wordy = `process.removeAllListeners('SIGTERM');
      process.on('SIGTERM', () => { console.log(Array.from({ length: 2000 }, (_, i) => 'line ' + i).join('\\n')); process.exit(0); });`;
    await sut.start(child(own, 'worker', 1, wordy));
    await sut.stop();
    expect(
      readFileSync(join(own, 'logs', 'worker.log'), 'utf8')
        .trim()
        .split('\n')
        .at(-1),
    ).toBe('line 1999');
    expect(readdirSync(join(own, 'run'))).toEqual([]);
  });
});

/** Until told to go on, nothing of this process that asks for files without blocking gets its answer. */
async function holdFiles(own: string): Promise<() => Promise<void>> {
  const pipe = join(own, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const waiting = Promise.all(Array.from({ length: threads }, () => open(pipe, 'r')));
  return async () => {
    const writer = openSync(pipe, 'r+');
    for (const reader of await waiting) await reader.close();
    closeSync(writer);
  };
}

describe('after kill -9 of the supervisor', () => {
  const HOST = `
    import(${JSON.stringify(join(__dirname, '../../scripts/lib/supervisor.mjs'))}).then(async ({ Supervisor }) => {
      const own = process.argv[1];
      const sut = new Supervisor({ logs: own + '/logs', run: own + '/run' });
      for (const [name, turn] of [['postgres', 3], ['temporal', 2]]) {
        await sut.start({
          name, turn, apart: true, ready: async () => true,
          launch: () => ({ command: process.execPath, args: ['-e', \`
            const { appendFileSync } = require('node:fs');
            process.on('SIGTERM', () => setTimeout(() => { appendFileSync('\${own}/journal', 'stopped \${name}\\\\n'); process.exit(0); }, 100));
            setInterval(() => undefined, 1000); appendFileSync('\${own}/journal', 'started \${name} ' + process.pid + '\\\\n');\`] }),
        });
      }
      console.log('up');
    });`;

  it('the guard stops in order what it left', async () => {
    const { own } = supervisor();
    const host = spawn(process.execPath, ['-e', HOST, own], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await firstLine(host)).toBe('up');
    await until('both have started', () => journal(own).length === 2);
    process.kill(-(host.pid ?? 0), 'SIGKILL');
    await until('both have stopped', () => journal(own).filter((entry) => entry.startsWith('stopped')).length === 2);
    expect(journal(own).slice(2)).toEqual(['stopped temporal', 'stopped postgres']);
  });
});

describe('leftovers of an earlier start', () => {
  it('are found by the run files and stopped', async () => {
    const run = join(dir, 'leftovers');
    const orphan = spawn(process.execPath, ['-e', `setInterval(() => undefined, 1000); console.log('up')`]);
    await firstLine(orphan);
    const pid = orphan.pid ?? 0;
    const ward = {
      pid,
      started: startedAt(pid),
      name: 'redis',
      turn: 3,
      stop: 'SIGTERM',
      last: 'SIGKILL',
      stopMs: 1000,
    } as const;
    noteWard(run, ward);
    expect(leftovers(run)).toEqual([ward]);
    await stopInTurns(leftovers(run), () => undefined);
    expect(isAlive(ward)).toBe(false);
    expect(leftovers(run)).toEqual([]);
  });

  it('never touch another process that got the same pid', async () => {
    const run = join(dir, 'reused');
    noteWard(run, {
      pid: process.pid,
      started: 'before the last boot 1',
      name: 'api',
      turn: 1,
      stop: 'SIGKILL',
      last: 'SIGKILL',
      stopMs: 1,
    });
    expect(leftovers(run)).toEqual([]);
    expect(existsSync(join(run, 'api.json'))).toBe(false);
  });

  it('do not trip over half a file', () => {
    const run = join(dir, 'half');
    mkdirSync(run);
    writeFileSync(join(run, 'api.json'), '{"pid": 1');
    appendFileSync(join(run, 'start.lock'), '');
    expect(leftovers(run)).toEqual([]);
  });
});
