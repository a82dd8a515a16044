import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The instance secret: NERVIO_SECRET, or the one in the file, made once with 32 random bytes. Whoever loses it loses every sealed
 * credential, so it is never made anew while the file is there.
 * @param {string} file @param {Readonly<Record<string, string | undefined>>} [env]
 */
export function instanceSecret(file, env = process.env) {
  if (env.NERVIO_SECRET) return env.NERVIO_SECRET;
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}
