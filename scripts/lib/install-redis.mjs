import { aptInstall, mayUseApt } from './apt.mjs';
import { onPath } from './run.mjs';
import { Plain } from './say.mjs';

/** redis-server, or valkey-server, when it is there already. */
export const findRedis = () => onPath('redis-server', 'valkey-server');

/** A Redis server program: PATH, else the system's package manager where that is allowed. @returns {Promise<string>} */
export async function installRedis() {
  const there = findRedis();
  if (there) return there;
  if (mayUseApt()) {
    await aptInstall('redis-server');
    const now = findRedis();
    if (now) return now;
  }
  throw new Plain('No Redis server: neither redis-server nor valkey-server is on PATH.', [
    'Install one (Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis), or point REDIS_URL at yours.',
  ]);
}
