import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from './root';

/** What a process writes that ends in this way, right after its last line. */
async function linesOf(end: string): Promise<string[]> {
  const script = `
    const fs = require('node:fs');
    const asked = { writeSync: 0, fsyncSync: 0 };
    for (const [name, own] of Object.entries({ writeSync: fs.writeSync, fsyncSync: fs.fsyncSync })) {
      fs[name] = (...given) => { asked[name]++; return own.apply(fs, given); };
    }
    const { createLog } = require(${JSON.stringify(join(rootDir, 'dist/store/log.js'))});
    const log = createLog({ logLevel: 'info' }, 'test');
    log.info('first');
    setTimeout(() => { log.info({ password: 'clave' }, 'second'); log.error('last'); ${end} }, 20);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]).catch(
    (error: { stdout: string }) => error,
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
}

describe('the log', () => {
  it.each([
    ['runs out of work', ''],
    ['leaves', 'process.exit(3);'],
    ['falls over', "throw new Error('nobody catches this');"],
  ])('has all lines of a process that %s', async (_, end) => {
    expect(await linesOf(end)).toEqual(['first', 'second', 'last']);
  });

  it('writes the lines of a turn of the event loop at once, and does not wait for the disk', async () => {
    const told = "setTimeout(() => log.info(Object.entries(asked).join(' ')), 20);";
    // «first», then «second» and «last».
    expect((await linesOf(told)).at(-1)).toBe('writeSync,2 fsyncSync,0');
  });
});
