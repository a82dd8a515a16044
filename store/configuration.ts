import { type Config, ConfigError, loadConfig } from '../domain/config';

/**
 * The configuration of this process. A wrong value ends it with one line on stderr and EX_CONFIG (78), instead of a
 * stack trace: the person who starts Nervio has to mend it.
 */
export function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
