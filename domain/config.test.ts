import { ConfigError, loadConfig } from './config';

const secret = 'ab'.repeat(32);

function lineFor(environment: Record<string, string>): string {
  try {
    loadConfig({ NERVIO_SECRET: secret, ...environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('configuration', () => {
  it('needs nothing but the secret', () => {
    const config = loadConfig({ NERVIO_SECRET: secret });
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000' });
    expect(config.session).toEqual({ accessSeconds: 600, idleSeconds: 28_800, absoluteSeconds: 2_592_000 });
    expect(config.limits).toMatchObject({ anonymousPerMinute: 100, userPerMinute: 6000 });
    expect(config.queues).toBeNull();
  });

  it('takes values from the environment and drops a slash at the end of a URL', () => {
    const config = loadConfig({
      NERVIO_SECRET: secret,
      PORT: '8080',
      PUBLIC_URL: 'https://nervio.example/',
      NERVIO_QUEUES: 'pallets, system',
      TRUST_PROXY: '10.0.0.0/8',
      NERVIO_METRICS_PEERS: 'http://a:1/metrics,http://b:2/metrics',
    });
    expect(config.http).toMatchObject({ port: 8080, publicUrl: 'https://nervio.example', trustProxy: '10.0.0.0/8' });
    expect(config.queues).toEqual(['pallets', 'system']);
    expect(config.metrics.peers).toEqual(['http://a:1/metrics', 'http://b:2/metrics']);
  });

  it.each([
    ['DATABASE_URL', 'mysql://x'],
    ['DATABASE_APP_URL', 'nonsense'],
    ['REDIS_URL', 'http://x'],
    ['TEMPORAL_ADDRESS', 'temporal'],
    ['PORT', '70000'],
    ['PORT', '30x'],
    ['PUBLIC_URL', 'nervio.example'],
    ['LOG_LEVEL', 'loud'],
    ['RATE_LIMIT_USER', '0'],
    ['NERVIO_DEMO', 'maybe'],
    ['NERVIO_METRICS_PORT', 'x'],
    ['NERVIO_QUEUES', 'pallets,palets'],
    ['TRUST_PROXY', '1'],
  ])('names %s when it is %s, in one line', (name, value) => {
    const line = lineFor({ [name]: value });
    expect(line).toMatch(new RegExp(`^Configuration: ${name} must be `));
    expect(line).not.toContain('\n');
  });

  it('names every variable at fault at once', () => {
    expect(lineFor({ PORT: 'x', LOG_LEVEL: 'loud' })).toMatch(/PORT must .*; LOG_LEVEL must /);
  });

  it.each(['', 'short', 'z'.repeat(64), 'ab'.repeat(31)])('refuses the secret «%s» without repeating it', (value) => {
    const line = lineFor({ NERVIO_SECRET: value });
    expect(line).toContain('NERVIO_SECRET');
    if (value !== '') expect(line).not.toContain(value);
  });
});
