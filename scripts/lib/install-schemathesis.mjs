import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheDir } from './paths.mjs';
import { isProgram, onPath, run } from './run.mjs';
import { Plain, progress } from './say.mjs';

const VERSION = '4.*';
const home = join(cacheDir, 'schemathesis-4');
const program = join(home, 'bin', 'schemathesis');

/** Schemathesis (PyPI), which throws generated requests at the API, when it is there already. */
export const findSchemathesis = () =>
  existsSync(join(home, '.complete')) && isProgram(program) ? program : onPath('schemathesis');

/** Installs it into a virtual environment of its own in the user's cache. @returns {Promise<string>} */
export async function installSchemathesis() {
  const there = findSchemathesis();
  if (there) return there;
  const python = onPath('python3');
  if (!python)
    throw new Plain('Schemathesis needs Python 3, which is not on PATH.', [
      'Install it (Debian: sudo apt-get install python3-venv).',
    ]);
  return withLock(join(cacheDir, 'schemathesis.lock'), 'installing Schemathesis', async () => {
    if (!existsSync(join(home, '.complete'))) {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(cacheDir, { recursive: true });
      await progress('installing Schemathesis (pip, in a virtual environment in the cache folder)', async (doing) => {
        const venv = await run(python, ['-m', 'venv', home], { onLine: doing });
        if (venv.code !== 0) {
          throw new Plain('python3 -m venv failed.', [
            ...venv.output.trim().split('\n').slice(-4),
            'Debian: sudo apt-get install python3-venv',
          ]);
        }
        const pip = await run(
          join(home, 'bin', 'pip'),
          ['install', '--disable-pip-version-check', `schemathesis==${VERSION}`],
          { onLine: doing },
        );
        if (pip.code !== 0)
          throw new Plain('pip could not install schemathesis.', pip.output.trim().split('\n').slice(-6));
      });
      mkdirSync(join(home, '.complete.tmp'));
      renameSync(join(home, '.complete.tmp'), join(home, '.complete'));
    }
    return program;
  });
}
