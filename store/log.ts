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

/** JSON lines on stdout (OPS-04), each with the process's role; requests carry `reqId`, workflows `workflowId` and `operationId`. */
export function createLog(config: Pick<Config, 'logLevel'>, role: string): Logger {
  return pino({
    level: config.logLevel,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: '[secret]' },
    serializers: { err: pino.stdSerializers.err },
  });
}
