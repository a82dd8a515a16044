import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../domain/config';

export const testSecret = '7e57'.repeat(16);

export function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with «npm test -- <jest arguments>»`);
  return value;
}

/** Configuration for tests against one database; `overrides` are environment variables. */
export function testConfig(ownerUrl: string, overrides: Record<string, string> = {}): Config {
  return loadConfig({
    NERVIO_SECRET: testSecret,
    DATABASE_URL: ownerUrl,
    DATABASE_POOL_MAX: '6',
    REDIS_URL: requireEnv('NERVIO_TEST_REDIS_URL'),
    NERVIO_OBJECTS_DIR: join(tmpdir(), `nervio-objects-${process.pid}`),
    LOG_LEVEL: 'silent',
    RATE_LIMIT_ANONYMOUS: '100000',
    RATE_LIMIT_USER: '1000000',
    ...overrides,
  });
}
