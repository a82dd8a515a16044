import { aptInstall, mayUseApt } from './apt.mjs';
import { isProgram, onPath } from './run.mjs';
import { Plain } from './say.mjs';

/** A Chromium for the browser tests, when it is there already: NERVIO_CHROMIUM, then PATH, then where macOS keeps Chrome. */
export function findChromium() {
  const named = process.env.NERVIO_CHROMIUM;
  if (named) {
    if (!isProgram(named)) throw new Plain(`NERVIO_CHROMIUM names ${named}, which is no program.`);
    return named;
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return (
    onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ??
    (isProgram(mac) ? mac : undefined)
  );
}

/** @returns {Promise<string>} */
export async function installChromium() {
  const there = findChromium();
  if (there) return there;
  if (mayUseApt()) {
    await aptInstall('chromium');
    const now = findChromium();
    if (now) return now;
  }
  throw new Plain('No browser for the browser tests: neither chromium nor google-chrome is on PATH.', [
    'Install one (Debian: sudo apt-get install chromium), or name its program in NERVIO_CHROMIUM.',
  ]);
}
