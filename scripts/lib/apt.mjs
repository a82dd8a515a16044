import { onPath, run } from './run.mjs';
import { Plain, progress } from './say.mjs';

/** May we install Debian packages here: apt-get is there and we are root. */
export const mayUseApt = () => process.getuid?.() === 0 && onPath('apt-get') !== undefined;

/**
 * Installs a Debian package with apt's own progress (dlstatus / pmstatus lines on a status descriptor).
 * @param {string} name
 */
export async function aptInstall(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await progress(`installing ${name} with apt-get`, async (doing) => {
    const status = (/** @type {string} */ text) => {
      const [kind, , percent, what] = text.split(':');
      if (kind === 'dlstatus' || kind === 'pmstatus')
        doing(`${Math.round(Number(percent))} %${what ? `, ${what.trim()}` : ''}`);
    };
    const apt = (/** @type {string[]} */ ...args) =>
      run('apt-get', ['-o', 'APT::Status-Fd=3', '-o', 'DPkg::Lock::Timeout=120', '-q', ...args], {
        env,
        statusFd: status,
        onLine: doing,
      });
    // An image without package lists cannot install anything; one with them need not fetch them again.
    let result = await apt('install', '-y', '--no-install-recommends', name);
    if (result.code !== 0) {
      doing('fetching the package lists');
      await apt('update');
      result = await apt('install', '-y', '--no-install-recommends', name);
    }
    if (result.code !== 0) {
      throw new Plain(`apt-get could not install ${name}.`, result.output.trim().split('\n').slice(-6));
    }
  });
}
