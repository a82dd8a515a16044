import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../domain/config';
import { checkNode } from '../../scripts/lib/install-npm.mjs';
import { instanceSecret } from '../../scripts/lib/secret.mjs';
import { childEnv, readSettings } from '../../scripts/lib/settings.mjs';
import { scratchFolder } from './support';

const dir = scratchFolder();

describe('settings of npm start', () => {
  it('are the fixed ports unless the environment moves them', () => {
    expect(readSettings({}).ports).toEqual({
      web: 3000,
      temporal: 7233,
      temporalUi: 8233,
      postgres: 54329,
      redis: 63799,
      odoo: 8069,
      mail: 1025,
      inbox: 8025,
    });
    expect(readSettings({ PORT: '3100', POSTGRES_PORT: '5500' })).toMatchObject({
      local: 'http://127.0.0.1:3100',
      publicUrl: 'http://localhost:3100',
      databaseUrl: 'postgres://postgres:nervio@127.0.0.1:5500/nervio',
    });
  });

  it.each(['0', '65536', '30x', '1.5', '-1'])('refuse %s as a port, in one line that names the variable', (value) => {
    expect(() => readSettings({ REDIS_PORT: value })).toThrow(
      `REDIS_PORT must be a port (1 to 65535); it is "${value}".`,
    );
  });

  it('take the parts that the person names instead of ours', () => {
    const settings = readSettings({ TEMPORAL_ADDRESS: 'temporal.example:7233', ODOO_URL: 'https://odoo.example' });
    expect(settings.theirs).toEqual({
      postgres: undefined,
      redis: undefined,
      temporal: 'temporal.example:7233',
      odoo: 'https://odoo.example',
      mail: undefined,
    });
  });

  it('give our processes an environment that the product accepts and that says the same', () => {
    const settings = readSettings({
      PORT: '3100',
      TEMPORAL_PORT: '7300',
      REDIS_PORT: '6400',
      ODOO_SIM_PORT: '8100',
      MAIL_SIM_PORT: '2025',
    });
    const config = loadConfig(childEnv(settings, 'ab12'.repeat(16), { worker: 9001, dispatcher: 9002 }));
    expect(config).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6400',
      temporal: { address: '127.0.0.1:7300' },
      http: { port: 3100, publicUrl: 'http://localhost:3100' },
      odoo: { url: 'http://127.0.0.1:8100' },
      mail: { url: 'smtp://127.0.0.1:2025', login: 'nervio@demo.test', secret: 'nervio-demo-mail' },
      metrics: { peers: ['worker=http://127.0.0.1:9001/metrics', 'dispatcher=http://127.0.0.1:9002/metrics'] },
      supervised: true,
      demo: true,
    });
  });
});

describe('the instance secret', () => {
  it('is made once, with 32 bytes, for the owner only', () => {
    const file = join(dir, 'made', 'secret');
    const secret = instanceSecret(file, {});
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(instanceSecret(file, {})).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(secret);
  });

  it('is the one of the environment where there is one', () => {
    expect(instanceSecret(join(dir, 'unused'), { NERVIO_SECRET: 'theirs' })).toBe('theirs');
  });
});

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s will do', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.18.3'])('%s is refused in one line', (version) => {
    expect(() => checkNode(version)).toThrow(`Nervio needs Node 20.19 or newer; this is ${version}.`);
  });
});
