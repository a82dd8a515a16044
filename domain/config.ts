import { admissionModes, type AdmissionMode } from './admission';
import { liveQueues, type LiveQueue } from './kinds';

/**
 * Everything that the environment decides, as one typed object (OPS-22).
 * A wrong value is named in one line; nothing else in Nervio reads environment variables of its own.
 */
export interface Config {
  database: {
    /** Owner: migrates and makes the other roles. */
    ownerUrl: string;
    /** Application role; null = derived from `ownerUrl` and the secret (store/roles.ts). */
    appUrl: string | null;
    /** Most connections of one process. */
    poolMax: number;
    /** Those that the API's checkout has beside them, for itself. */
    checkoutPoolMax: number;
  };
  checkout: { admission: AdmissionMode };
  redisUrl: string;
  temporal: { address: string; namespace: string; uiUrl: string };
  http: {
    host: string;
    port: number;
    /** The one final origin, without a slash at the end. https turns on Secure and `__Host-` cookies. */
    publicUrl: string;
    /** Which proxies may say who the client is (X-Forwarded-For): none, all, or a list of addresses. */
    trustProxy: boolean | string;
    bodyLimitBytes: number;
    handlerTimeoutMs: number;
  };
  /** ≥ 32 bytes of hex (AUTH-11). Keys for tokens and sealed credentials are derived from it. */
  secret: string;
  /** The secret before the last change: still opens what was sealed under it. */
  previousSecret: string | null;
  session: {
    accessSeconds: number;
    /** AUTH-07. */
    idleSeconds: number;
    /** However active, a session ends after this (ASVS 7.3.2). */
    absoluteSeconds: number;
  };
  limits: {
    /** SEC-01: requests a minute per IP without a log-in. */
    anonymousPerMinute: number;
    userPerMinute: number;
    /** Wrong passwords per e-mail within five minutes. */
    loginFailures: number;
  };
  /** Pictures and files (CAT-12): in a folder, or in a bucket when S3_BUCKET names one. */
  objects: {
    folder: string;
    s3: {
      endpoint: string | null;
      region: string;
      bucket: string;
      accessKeyId: string;
      secretAccessKey: string;
    } | null;
  };
  /** Only seeds the demo tenant's connection; connections live in the database. */
  odoo: { url: string; db: string; login: string; apiKey: string };
  /** Only seeds the demo tenant's mail server; null = it has none. */
  mail: { url: string; login: string; secret: string; from: string } | null;
  /** Longest calls of any Odoo by the workers, ms; null = the connector's own (connectors/odoo/config.ts). */
  odooTimeouts: { readMs: number | null; writeMs: number | null };
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Task queues of this worker; null = all. */
  queues: readonly LiveQueue[] | null;
  /** `port` null = the process's own default. */
  metrics: { host: string; port: number | null; peers: string[] };
  /** Seed the demo business. */
  demo: boolean;
  /** A supervisor stops this process with SIGTERM; Ctrl-C is the supervisor's. */
  supervised: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the environment; `message` is one line that names every variable at fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`Configuration: ${problems.join('; ')}`);
  }
}

class Reader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  optional(name: string): string | null {
    const value = this.environment[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  list(name: string): string[] | null {
    const items = this.optional(name)?.split(',');
    return items?.map((item) => item.trim()).filter((item) => item !== '') ?? null;
  }

  /** A URL of one of the schemes, without a slash at its end. */
  url(name: string, schemes: readonly string[], fallback: string): string {
    const value = this.text(name, fallback);
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : null;
    if (scheme === null || !schemes.includes(scheme)) {
      this.problems.push(`${name} must be a URL starting with ${schemes.map((s) => `${s}://`).join(' or ')}`);
    }
    return value.replace(/\/+$/, '');
  }

  optionalUrl(name: string, schemes: readonly string[]): string | null {
    return this.optional(name) === null ? null : this.url(name, schemes, '');
  }

  number(name: string, fallback: number, range: { min: number; max: number }): number {
    const value = this.optional(name);
    if (value === null) return fallback;
    const parsed = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(parsed >= range.min && parsed <= range.max)) {
      this.problems.push(`${name} must be a whole number from ${range.min} to ${range.max}, not «${value}»`);
      return fallback;
    }
    return parsed;
  }

  optionalNumber(name: string, range: { min: number; max: number }): number | null {
    return this.optional(name) === null ? null : this.number(name, range.min, range);
  }

  port(name: string, fallback: number): number {
    return this.number(name, fallback, { min: 1, max: 65_535 });
  }

  flag(name: string): boolean {
    const value = this.text(name, '0');
    if (!['0', '1', 'true', 'false'].includes(value)) this.problems.push(`${name} must be 1 or 0, not «${value}»`);
    return value === '1' || value === 'true';
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.text(name, fallback);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.problems.push(`${name} must be one of ${choices.join(', ')}, not «${value}»`);
    return found ?? fallback;
  }

  choices<T extends string>(name: string, choices: readonly T[]): T[] | null {
    const list = this.list(name);
    const known = (item: string): item is T => choices.some((choice) => choice === item);
    if (list === null || list.every(known)) return list as T[] | null;
    this.problems.push(`${name} must be a list of ${choices.join(', ')}, not «${list.join(', ')}»`);
    return null;
  }

  /** Never put the value of a secret into a message. */
  secret(name: string): string | null {
    const value = this.optional(name);
    if (value !== null && !/^([0-9a-f]{2}){32,}$/i.test(value)) {
      this.problems.push(`${name} must be at least 32 bytes of hex (make one with: openssl rand -hex 32)`);
    }
    return value;
  }

  address(name: string, fallback: string): string {
    const value = this.text(name, fallback);
    if (!/^[^\s/:]+:\d{1,5}$/.test(value)) this.problems.push(`${name} must be host:port, not «${value}»`);
    return value;
  }

  bucket(): Config['objects']['s3'] {
    const bucket = this.optional('S3_BUCKET');
    const needed = (name: string): string => {
      const value = this.optional(name);
      if (value === null && bucket !== null) this.problems.push(`${name} is missing: S3_BUCKET is set`);
      return value ?? '';
    };
    const read = {
      endpoint: this.optionalUrl('S3_ENDPOINT', ['http', 'https']),
      region: this.text('S3_REGION', 'us-east-1'),
      accessKeyId: needed('S3_ACCESS_KEY_ID'),
      secretAccessKey: needed('S3_SECRET_ACCESS_KEY'),
    };
    return bucket === null ? null : { bucket, ...read };
  }

  /** The log-in is part of the URL, as mail servers' addresses are written; it never gets into a message. */
  mail(): Config['mail'] {
    const text = this.optionalUrl('SMTP_URL', ['smtp', 'smtps']);
    const from = this.text('SMTP_FROM', 'tienda@demo.test');
    if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from))
      this.problems.push('SMTP_FROM must be an address such as tienda@demo.test');
    if (text === null || !URL.canParse(text)) return null;
    const url = new URL(text);
    const { protocol, host, username, password } = url;
    try {
      return {
        url: `${protocol}//${host}`,
        login: decodeURIComponent(username),
        secret: decodeURIComponent(password),
        from,
      };
    } catch {
      this.problems.push('SMTP_URL has a user or password that is not percent-encoded');
      return null;
    }
  }

  trustProxy(name: string): boolean | string {
    const value = this.text(name, 'false');
    if (value === 'true' || value === 'false') return value === 'true';
    if (!/^[0-9a-f.:/, ]*[.:][0-9a-f.:/, ]*$/i.test(value)) {
      this.problems.push(`${name} must be true, false, or addresses such as 10.0.0.0/8, not «${value}»`);
    }
    return value;
  }
}

const postgres = ['postgres', 'postgresql'] as const;
const web = ['http', 'https'] as const;

/** @throws ConfigError with one line that names every variable at fault. */
export function loadConfig(environment: Environment): Config {
  const read = new Reader(environment);
  const secret = read.secret('NERVIO_SECRET');
  if (secret === null) {
    read.problems.push('NERVIO_SECRET is missing: set at least 32 bytes of hex (make one with: openssl rand -hex 32)');
  }
  const config: Config = {
    database: {
      ownerUrl: read.url('DATABASE_URL', postgres, 'postgres://postgres:nervio@127.0.0.1:54329/nervio'),
      appUrl: read.optionalUrl('DATABASE_APP_URL', postgres),
      poolMax: read.number('DATABASE_POOL_MAX', 12, { min: 1, max: 500 }),
      checkoutPoolMax: read.number('DATABASE_CHECKOUT_POOL_MAX', 6, { min: 1, max: 100 }),
    },
    checkout: { admission: read.choice('CHECKOUT_ADMISSION', admissionModes, 'off') },
    redisUrl: read.url('REDIS_URL', ['redis', 'rediss'], 'redis://127.0.0.1:63799'),
    temporal: {
      address: read.address('TEMPORAL_ADDRESS', '127.0.0.1:7233'),
      namespace: read.text('TEMPORAL_NAMESPACE', 'default'),
      uiUrl: read.url('TEMPORAL_UI_URL', web, 'http://localhost:8233'),
    },
    http: {
      host: read.text('HOST', '127.0.0.1'),
      port: read.port('PORT', 3000),
      publicUrl: read.url('PUBLIC_URL', web, 'http://localhost:3000'),
      trustProxy: read.trustProxy('TRUST_PROXY'),
      bodyLimitBytes: read.number('HTTP_BODY_LIMIT', 1_048_576, { min: 1024, max: 64 * 1_048_576 }),
      handlerTimeoutMs: read.number('HTTP_TIMEOUT_MS', 30_000, { min: 1000, max: 600_000 }),
    },
    secret: secret ?? '',
    previousSecret: read.secret('NERVIO_SECRET_PREVIOUS'),
    session: {
      accessSeconds: read.number('SESSION_ACCESS_SECONDS', 600, { min: 1, max: 3600 }),
      idleSeconds: read.number('SESSION_IDLE_SECONDS', 8 * 3600, { min: 60, max: 30 * 86_400 }),
      absoluteSeconds: read.number('SESSION_ABSOLUTE_SECONDS', 30 * 86_400, { min: 600, max: 365 * 86_400 }),
    },
    limits: {
      anonymousPerMinute: read.number('RATE_LIMIT_ANONYMOUS', 100, { min: 1, max: 1_000_000 }),
      userPerMinute: read.number('RATE_LIMIT_USER', 6000, { min: 1, max: 10_000_000 }),
      loginFailures: read.number('RATE_LIMIT_LOGIN_FAILURES', 10, { min: 1, max: 10_000 }),
    },
    objects: { folder: read.text('NERVIO_OBJECTS_DIR', '.nervio/objects'), s3: read.bucket() },
    odoo: {
      url: read.url('ODOO_URL', web, 'http://127.0.0.1:8069'),
      db: read.text('ODOO_DB', 'demo'),
      login: read.text('ODOO_LOGIN', 'nervio@demo.test'),
      apiKey: read.text('ODOO_API_KEY', 'nervio-demo-key'),
    },
    mail: read.mail(),
    odooTimeouts: {
      readMs: read.optionalNumber('ODOO_READ_TIMEOUT_MS', { min: 100, max: 600_000 }),
      writeMs: read.optionalNumber('ODOO_WRITE_TIMEOUT_MS', { min: 100, max: 600_000 }),
    },
    logLevel: read.choice('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const, 'info'),
    queues: read.choices('NERVIO_QUEUES', liveQueues),
    metrics: {
      host: read.text('NERVIO_METRICS_HOST', '127.0.0.1'),
      port: read.optional('NERVIO_METRICS_PORT') === null ? null : read.port('NERVIO_METRICS_PORT', 0),
      peers: read.list('NERVIO_METRICS_PEERS') ?? [],
    },
    demo: read.flag('NERVIO_DEMO'),
    supervised: read.flag('NERVIO_SUPERVISED'),
  };
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}
