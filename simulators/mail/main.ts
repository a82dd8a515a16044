import pino from 'pino';
import { startMailSimulator } from './server';

const log = pino({ name: 'mail-simulator', level: process.env['LOG_LEVEL'] ?? 'info' });

function port(name: string, byDefault: number): number {
  const value = Number(process.env[name] ?? byDefault);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) stop(`${name} is not a port: ${process.env[name]}`);
  return value;
}

/** The simulator as a process of its own, configured by MAIL_SIM_HOST, MAIL_SIM_PORT and MAIL_SIM_INBOX_PORT. */
async function main(): Promise<void> {
  const simulator = await startMailSimulator({
    host: process.env['MAIL_SIM_HOST'] ?? '127.0.0.1',
    smtpPort: port('MAIL_SIM_PORT', 1025),
    httpPort: port('MAIL_SIM_INBOX_PORT', 8025),
  });
  process.once('SIGTERM', () => {
    void simulator.close().then(() => process.exit(0));
  });
  // Under a supervisor Ctrl-C reaches the whole group; the supervisor then stops its parts in order with SIGTERM.
  process.on('SIGINT', () => {
    if (process.env['NERVIO_SUPERVISED'] !== '1') void simulator.close().then(() => process.exit(0));
  });
  // Last: whoever waits for this line may send a signal at once.
  log.info({ smtp: simulator.smtpUrl, inbox: simulator.url }, 'mail simulator is listening');
}

function stop(message: string): never {
  log.fatal(message);
  process.exit(1);
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  stop(
    code === 'EADDRINUSE'
      ? `A port of the mail simulator is in use: set MAIL_SIM_PORT or MAIL_SIM_INBOX_PORT (${message})`
      : `Mail simulator cannot start: ${message}`,
  );
});
