import pino, { type Logger } from 'pino';
import type { Config } from '../domain/config';

/** Where secrets could get into a log line. Bodies are never logged; these are for what an error carries. */
const secretPaths = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  ...['password', 'accessToken', 'refreshToken', 'secret', 'apiKey', 'passwordHash'].flatMap((name) => [
    name,
    `*.${name}`,
    `*.*.${name}`,
  ]),
];

let stdout: pino.DestinationStream | undefined;

/** JSON lines on stdout (OPS-04), each with the process's role; requests carry `reqId`, workflows `workflowId` and `operationId`. */
export function createLog(config: Pick<Config, 'logLevel'>, role: string): Logger {
  const options = {
    level: config.logLevel,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: '[secret]' },
    serializers: { err: pino.stdSerializers.err },
  };
  stdout ??= linesOfATurn();
  return pino(options, stdout);
}

/**
 * Stdout, with one write for all lines of a turn of the event loop: a write for each took a twentieth of the checkout's time. They are
 * collected here, for what pino's own destination collects it flushes with an fsync: this process would stand still for it, and the
 * database beside it would wait for the same disk.
 */
function linesOfATurn(): pino.DestinationStream {
  const out = pino.destination({ dest: 1, sync: true });
  let lines = '';
  const write = (): void => {
    if (lines !== '') out.write(lines);
    lines = '';
  };
  // The last lines are those that say why it ends.
  process.on('exit', write);
  return {
    write(line) {
      if (lines === '') setImmediate(write);
      lines += line;
    },
  };
}
