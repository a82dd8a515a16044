import pino from 'pino';
import { startOdooSimulator } from './server';

const log = pino({ name: 'odoo-simulator', level: process.env['LOG_LEVEL'] ?? 'info' });

/** The simulator as a process of its own, configured by ODOO_SIM_HOST, ODOO_SIM_PORT, ODOO_SIM_DATA and ODOO_SIM_DELAYS. */
async function main(): Promise<void> {
  const port = Number(process.env['ODOO_SIM_PORT'] ?? 8069);
  const delays = process.env['ODOO_SIM_DELAYS'] ?? 'recorded';
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    return stop(`ODOO_SIM_PORT is not a port: ${process.env['ODOO_SIM_PORT']}`);
  if (delays !== 'recorded' && delays !== 'off') return stop(`ODOO_SIM_DELAYS must be recorded or off, not ${delays}`);
  const dataDir = process.env['ODOO_SIM_DATA'] ?? '.nervio/simulators/odoo';
  const host = process.env['ODOO_SIM_HOST'] ?? '127.0.0.1';
  const simulator = await startOdooSimulator({ host, port, delays, dataDir });
  process.once('SIGTERM', () => {
    void simulator.close().then(() => process.exit(0));
  });
  // Under a supervisor Ctrl-C reaches the whole group; the supervisor then stops its parts in order with SIGTERM.
  process.on('SIGINT', () => {
    if (process.env['NERVIO_SUPERVISED'] !== '1') void simulator.close().then(() => process.exit(0));
  });
  // Last: whoever waits for this line may send a signal at once.
  log.info({ url: simulator.url, dataDir, delays }, 'Odoo simulator is listening');
}

function stop(message: string): void {
  log.fatal(message);
  process.exit(1);
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const port = process.env['ODOO_SIM_PORT'] ?? 8069;
  stop(
    code === 'EADDRINUSE'
      ? `Port ${port} is in use: set ODOO_SIM_PORT to another one`
      : `Odoo simulator cannot start: ${message}`,
  );
});
