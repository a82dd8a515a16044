import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { line } from './say.mjs';

const ROTATE_BYTES = 10 * 1024 * 1024;
const KEPT = 3;

/** Moves a log that has grown large aside (x.log.1 … x.log.3). @param {string} file */
export function rotate(file) {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || statSync(file).size < ROTATE_BYTES) return;
  for (let n = KEPT - 1; n >= 1; n--) if (existsSync(`${file}.${n}`)) renameSync(`${file}.${n}`, `${file}.${n + 1}`);
  renameSync(file, `${file}.1`);
}

/** The last lines of a log, from `from` (bytes) on. @param {string} file @param {number} count @param {number} [from] */
export function tail(file, count, from = 0) {
  if (!existsSync(file)) return [];
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const begin = Math.max(from, size - 32768);
    const buffer = Buffer.alloc(Math.max(0, size - begin));
    readSync(fd, buffer, 0, buffer.length, begin);
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((text) => text.trim() !== '')
      .slice(-count)
      .map(readable);
  } finally {
    closeSync(fd);
  }
}

const LEVELS = /** @type {Record<string, string>} */ ({ 40: 'WARN', 50: 'ERROR', 60: 'FATAL' });

/** Fields that say what a line is about. */
const TELLING = ['part', 'state', 'code', 'reason', 'detail'];

/** @param {string} text @returns {{level: number, msg: string} | undefined} a line of a JSON log */
function parse(text) {
  if (!text.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(text);
    const { level, msg, err } = entry;
    const about = TELLING.flatMap((name) => (typeof entry[name] === 'string' ? [entry[name]] : [])).join(' ');
    const cause = typeof err?.message === 'string' && err.message !== msg ? `: ${err.message}` : '';
    return { level: Number(level), msg: `${String(msg ?? '')}${about && ` (${about})`}${cause}`.split('\n')[0] ?? '' };
  } catch {
    return undefined;
  }
}

/** A JSON log line as a person reads it; other lines as they are. @param {string} text */
function readable(text) {
  const entry = parse(text);
  return entry ? `${LEVELS[entry.level] ?? 'info'} ${entry.msg}` : text.slice(0, 300);
}

/** How long the same line of the same process is not repeated on the terminal. */
const QUIET_MS = 30_000;

/** Shows warnings and errors of a JSON log on the terminal, the same one at most every 30 s. @param {string} name */
export function announcer(name) {
  /** @type {Map<string, {until: number, more: number}>} */
  const said = new Map();
  return (/** @type {string} */ text) => {
    const entry = parse(text);
    if (!entry || !(entry.level >= 40)) return;
    const now = Date.now();
    const before = said.get(entry.msg);
    if (before && before.until > now) {
      before.more++;
      return;
    }
    if (said.size > 200) said.clear();
    said.set(entry.msg, { until: now + QUIET_MS, more: 0 });
    const more = before?.more ? ` (and ${before.more} more like it)` : '';
    line(
      `${new Date(now).toTimeString().slice(0, 8)} ${name} ${LEVELS[entry.level] ?? ''} ${entry.msg.slice(0, 220)}${more}`,
    );
  };
}
