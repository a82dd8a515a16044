import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { rootDir } from '../../store/root';

/** A short chaos on a stack of its own; `npm run chaos -- --rounds 100` is the long one. */
describe('npm run chaos', () => {
  it('three rounds: nothing is lost, doubled or stuck', async () => {
    const { code, output } = await chaos(
      ...['--rounds', '3', '--seed', '11'],
      ...['--kinds', 'kill-api,odoo-applied-answer-lost,postgres-immediate'],
    );
    expect(output).toMatch(/\| all \| 3 \| \d+ \| 0 \| 0 \| 0 \| 0 \| [\d.]+ s \|/);
    expect(code).toBe(0);
  }, 600_000);

  it('says which kinds there are when asked for one that there is not', async () => {
    const { code, output } = await chaos('--kinds', 'meteorite');
    expect([code, output]).toEqual([1, expect.stringContaining('There is no kind meteorite.')]);
    expect(output).toContain('kill-worker');
    expect(await chaos('dinner')).toMatchObject({
      code: 1,
      output: expect.stringContaining('There is no chaos dinner.') as string,
    });
  });
});

function chaos(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(rootDir, 'scripts', 'chaos.mjs'), ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}
