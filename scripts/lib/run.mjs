import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

// Installers and builds end with us; nothing that we ran may go on by itself.
process.on('exit', () => running.forEach((child) => child.kill('SIGTERM')));

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, uid?: number, gid?: number, timeoutMs?: number,
 *   inherit?: boolean, statusFd?: (line: string) => void}} [options]
 *   `onLine` gets each line of stdout and stderr; `statusFd` each line of file descriptor 3 (apt's progress); `inherit` leaves the
 *   output to the terminal.
 * @returns {Promise<{code: number, output: string}>} code 127 when the program is not there, 124 after `timeoutMs`; the last 64 KiB of output
 */
export function run(command, args, options = {}) {
  const { onLine, timeoutMs, inherit, statusFd, ...rest } = options;
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      ...rest,
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe', ...(statusFd ? /** @type {const} */ (['pipe']) : [])],
    });
    running.add(child);
    let late = false;
    const timer = timeoutMs
      ? setTimeout(() => {
          late = true;
          child.kill('SIGKILL');
        }, timeoutMs)
      : undefined;
    /** @param {number} code */
    const end = (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: late ? 124 : code, output });
    };
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (text) => {
        output = `${output}${text}\n`.slice(-65536);
        onLine?.(text);
      });
    }
    if (statusFd) eachLine(/** @type {import('node:stream').Readable} */ (child.stdio[3]), statusFd);
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? (signal ? 128 : 1)));
  });
}

/** @param {import('node:stream').Readable | null | undefined} stream @param {(line: string) => void} take */
export function eachLine(stream, take) {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    lines.forEach(take);
  });
  stream?.on('end', () => rest && take(rest));
}

/** The first of these programs that PATH offers. @param {...string} names @returns {string | undefined} */
export function onPath(...names) {
  for (const name of names) {
    for (const dir of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(dir || '.', name);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

/** @param {string} file */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
