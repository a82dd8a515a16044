import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { loadConfig } from '../../domain/config';
import { liveQueues } from '../../domain/kinds';

/** docker-compose.yml and what it mounts: valid, complete, and true to the code. No Docker engine is needed for it. */
const root = join(__dirname, '../..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  restart?: string;
  read_only?: boolean;
  healthcheck?: object;
  profiles?: string[];
  depends_on?: Record<string, { condition: string }>;
  deploy?: { replicas?: number; resources?: { limits?: { memory?: string } } };
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const source = text('docker-compose.yml');
const compose = parse(source, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const lasting = services.filter(([, { restart }]) => restart !== 'no');

it('is valid against the JSON schema of the compose specification', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(JSON.parse(text('test/contract/compose-spec/compose-spec.json')) as object);
  validate(compose);
  expect(validate.errors).toBeNull();
  expect(validate({ services: { api: { imagine: 'nervio' } } })).toBe(false);
});

it('has the whole production shape', () => {
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining([
      'proxy',
      'api',
      'dispatcher',
      'migrate',
      'postgres',
      'redis',
      'temporal',
      'temporal-postgres',
      'temporal-ui',
      'prometheus',
      'grafana',
    ]),
  );
  expect(compose.services.api?.deploy?.replicas).toBe(2);
  expect(compose.services['simulator-odoo']?.profiles).toEqual(['simulators']);
  expect(compose.services['simulator-mail']?.profiles).toEqual(['simulators']);
});

it('runs one worker for each task queue that has workflows', () => {
  const served = ours.flatMap(([, { environment }]) => environment?.NERVIO_QUEUES ?? []);
  expect(served.sort()).toEqual([...liveQueues].sort());
});

describe.each(lasting)('%s', (_, service) => {
  it('comes back after a failure, within its memory, and says whether it is well', () => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.deploy?.resources?.limits?.memory).toMatch(/^\d+[MG]$/);
    expect(service.healthcheck).toBeDefined();
  });
});

it.each(
  services.flatMap(([name, { depends_on }]) =>
    Object.entries(depends_on ?? {}).map(([on, { condition }]) => [name, on, condition] as const),
  ),
)('%s can wait for %s (%s)', (_, on, condition) => {
  const target = compose.services[on];
  expect(target).toBeDefined();
  if (condition === 'service_healthy') expect(target?.healthcheck).toBeDefined();
  if (condition === 'service_completed_successfully') expect(target?.restart).toBe('no');
});

it.each(services.flatMap(([name, { volumes }]) => (volumes ?? []).map((volume) => [name, volume] as const)))(
  '%s mounts what is there: %s',
  (_, volume) => {
    const from = volume.replace(/^\$\{\w+:-([^}]*)\}/, '$1').split(':')[0] ?? '';
    if (from.startsWith('.')) expect(existsSync(join(root, from))).toBe(true);
    else expect(Object.keys(compose.volumes)).toContain(from);
  },
);

describe('configuration', () => {
  /** Every name that the product reads. */
  const known = new Set<string>([
    'NODE_ENV',
    'ODOO_SIM_HOST',
    'ODOO_SIM_PORT',
    'ODOO_SIM_DATA',
    'ODOO_SIM_DELAYS',
    'MAIL_SIM_HOST',
    'MAIL_SIM_PORT',
    'MAIL_SIM_INBOX_PORT',
  ]);
  const recording = new Proxy<Record<string, string>>(
    {},
    {
      get(_, name) {
        known.add(String(name));
        return undefined;
      },
    },
  );
  expect(() => loadConfig(recording)).toThrow('NERVIO_SECRET');

  it.each(
    ours.flatMap(([name, { environment }]) =>
      Object.keys(environment ?? {}).map((variable) => [name, variable] as const),
    ),
  )('%s: %s is read by the product', (_, variable) => {
    expect(known).toContain(variable);
  });

  /** `${NAME:-default}` and `${NAME:?message}` as compose reads them, with these values. */
  const filled = (value: string) =>
    value.replace(
      /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
      (_, name: string, kind: string, rest: string) => given[name] ?? (kind === '-' ? rest : ''),
    );
  const given: Record<string, string> = {
    NERVIO_SECRET: '0123456789abcdef'.repeat(4),
    POSTGRES_PASSWORD: 'a1b2c3',
    PUBLIC_URL: 'https://nervio.example.com',
  };

  it.each(
    ours
      .filter(([, { environment }]) => environment?.NERVIO_SECRET)
      .map(([name, { environment }]) => [name, environment ?? {}] as const),
  )('%s: the product accepts its values', (_, environment) => {
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
    expect(loadConfig(env)).toMatchObject({
      http: { publicUrl: 'https://nervio.example.com' },
      redisUrl: 'redis://redis:6379',
    });
  });

  const example = text('.env.example');
  const named = [...example.matchAll(/^#?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));
  const used = [...new Set([...source.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name))];

  it('.env.example names every variable of docker-compose.yml and no other', () => {
    expect(named.map(({ name }) => name).sort()).toEqual(used.sort());
  });

  it('holds no secret, neither in docker-compose.yml nor in .env.example', () => {
    const secret = /SECRET|PASSWORD|PWD|API_KEY/;
    const written = services.flatMap(([, { environment }]) =>
      Object.entries(environment ?? {}).flatMap(([name, value]) =>
        secret.test(name) && !/^\$\{\w+:(\?[^}]*|-)\}$/.test(value) ? [name] : [],
      ),
    );
    expect(written).toEqual([]);
    expect(named.filter(({ name, value }) => secret.test(name) && value !== '')).toEqual([]);
  });
});

describe('what the world reaches', () => {
  it('is the proxy; everything else listens on this machine only, our processes not at all', () => {
    for (const [name, { ports }] of services) {
      if (name !== 'proxy') expect((ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    }
    expect(ours.filter(([, { ports }]) => ports !== undefined)).toEqual([]);
  });

  it('are no metrics', () => {
    const nginx = text('ops/nginx/nginx.conf');
    expect(nginx).toMatch(/location = \/metrics \{\s*return 404;\s*\}/);
    expect(nginx.match(/listen \d+/g)).toEqual(['listen 8080', 'listen 8443']);
  });
});

describe('the image', () => {
  const dockerfile = text('Dockerfile');

  it('is built in stages and does not run as root', () => {
    expect(dockerfile.match(/^FROM /gm)?.length).toBeGreaterThan(1);
    expect([...dockerfile.matchAll(/^USER (\S+)/gm)].at(-1)?.[1]).toBe('node');
  });

  it.each(ours.map(([name, { command }]) => [name, command?.at(-1) ?? ''] as const))(
    '%s runs a program that is built: %s',
    (_, program) => {
      expect(existsSync(join(root, program.replace(/^dist\/(.*)\.js$/, '$1.ts')))).toBe(true);
    },
  );

  it('runs read-only', () => {
    expect(ours.filter(([, { read_only }]) => read_only !== true)).toEqual([]);
  });
});

describe('monitoring', () => {
  const files = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? entry.name === 'generated'
          ? []
          : files(join(folder, entry.name))
        : /(?<!\.test)\.ts$/.test(entry.name)
          ? [join(folder, entry.name)]
          : [],
    );
  const code = ['api', 'activities', 'temporal', 'store'].flatMap(files).map(text).join('\n');
  /** Series that exist: those of our code, and those that Prometheus and prom-client bring along. */
  const exported = new Set([...code.matchAll(/(?:name: |gauge\(\s*)'([a-z][a-z_]+)'/g)].map(([, name]) => name));
  const series = (expression: string) =>
    [...expression.replace(/"[^"]*"|\{[^}]*\}|\b(by|without) \([^)]*\)|\[\w+\]/g, '').matchAll(/\b[a-z]\w*_\w+\b/g)]
      .map(([name]) => name.replace(/_(bucket|sum|count)$/, ''))
      .filter((name) => !/^(histogram_quantile|process_|nodejs_)/.test(name));

  interface Rules {
    groups: {
      rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }[];
    }[];
  }
  const rules = (parse(text('ops/prometheus/alerts.yml')) as Rules).groups.flatMap((group) => group.rules);
  const dashboard = JSON.parse(text('ops/grafana/dashboards/nervio.json')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };

  it.each(rules.map(({ alert, expr }) => [alert, expr] as const))('alert %s asks for series that exist', (_, expr) => {
    expect(series(expr).filter((name) => !exported.has(name))).toEqual([]);
  });

  it.each(dashboard.panels.map(({ title, targets }) => [title, targets] as const))(
    'panel «%s» asks for series that exist',
    (_, targets) => {
      expect(targets.flatMap(({ expr }) => series(expr)).filter((name) => !exported.has(name))).toEqual([]);
    },
  );

  it('shows the series of OPS-02', () => {
    const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => series(expr))));
    expect([...shown]).toEqual(
      expect.arrayContaining([
        'picking_operations_total',
        'picking_operation_duration_seconds',
        'picking_errors_total',
        'cache_hit_ratio',
        'offline_queue_size',
      ]),
    );
  });

  it('scrapes services that there are', () => {
    const config = parse(text('ops/prometheus/prometheus.yml')) as {
      scrape_configs: { dns_sd_configs?: { names: string[] }[]; static_configs?: { targets: string[] }[] }[];
    };
    const scraped = config.scrape_configs.flatMap(({ dns_sd_configs = [], static_configs = [] }) => [
      ...dns_sd_configs.flatMap(({ names }) => names),
      ...static_configs
        .flatMap(({ targets }) => targets.map((target) => target.split(':')[0] ?? ''))
        .filter((name) => name !== 'localhost'),
    ]);
    expect(scraped.filter((name) => !(name in compose.services))).toEqual([]);
    expect(scraped).toEqual(
      expect.arrayContaining(ours.filter(([name]) => /^(api|dispatcher|worker-)/.test(name)).map(([name]) => name)),
    );
  });
});
