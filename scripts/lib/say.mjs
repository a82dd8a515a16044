/**
 * What the person at the terminal reads. Whole lines only (no cursor games), so that it reads the same on a terminal,
 * with TERM=dumb and in a log.
 */

/** A failure that needs no stack trace: one line that says what is wrong, then lines that say what to do. */
export class Plain extends Error {
  /** @param {string} message @param {string[]} [hints] */
  constructor(message, hints = []) {
    super(message);
    this.name = 'Plain';
    this.hints = hints;
  }
}

/** @param {unknown} error */
function ignoreClosedPipe(error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
}
// Somebody may close the terminal or pipe us into `head`; that must not take the servers down with a stack trace. Once for a
// process: tests load this module again and again.
for (const stream of [process.stdout, process.stderr]) {
  if (stream.listeners('error').every(({ name }) => name !== ignoreClosedPipe.name))
    stream.on('error', ignoreClosedPipe);
}

/** @param {string} text */
export const line = (text) => void process.stdout.write(`${text}\n`);

/** @param {number} ms */
export const seconds = (ms) => (ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);

/** Prints a failure: Plain ones without a stack, anything else with it. @param {unknown} error */
export function complain(error) {
  if (error instanceof Plain) {
    process.stderr.write(`\n${error.message}\n${error.hints.map((hint) => `  ${hint}\n`).join('')}`);
  } else {
    process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}

/**
 * Runs something long and says every few seconds that it goes on, for how long, and what it is doing.
 * @template T
 * @param {string} what
 * @param {(doing: (detail: string) => void) => Promise<T>} work
 * @param {number} [everyMs]
 * @returns {Promise<T>}
 */
export async function progress(what, work, everyMs = 5000) {
  const begin = Date.now();
  let detail = '';
  line(`… ${what}`);
  const timer = setInterval(() => line(`… ${what}: ${seconds(Date.now() - begin)}${detail && `, ${detail}`}`), everyMs);
  try {
    const result = await work((text) => (detail = text.slice(0, 140)));
    line(`✓ ${what} (${seconds(Date.now() - begin)})`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** A box around lines of text. @param {string[]} lines */
export function box(lines) {
  const width = Math.max(...lines.map((text) => text.length));
  line(`┌${'─'.repeat(width + 2)}┐`);
  for (const text of lines) line(`│ ${text.padEnd(width)} │`);
  line(`└${'─'.repeat(width + 2)}┘`);
}
