import { Plain } from './say.mjs';

/**
 * Where the parts of `npm start` listen and which of them are somebody else's. The product itself reads its configuration in
 * domain/config.ts; here is only what is needed to start the servers around it.
 */

/** Search attributes that Nervio sets on its workflows; all of type Keyword. */
export const SEARCH_ATTRIBUTES = ['NervioTenant', 'NervioSite', 'NervioKind', 'NervioOperation', 'NervioBatch'];

/** Temporal forgets a closed workflow after this; the dev server would after 24 h. */
export const RETENTION_HOURS = 30 * 24;

/** @param {Readonly<Record<string, string | undefined>>} env @param {string} name @param {number} byDefault */
function port(env, name, byDefault) {
  const text = env[name];
  if (text === undefined || text === '') return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new Plain(`${name} must be a port (1 to 65535); it is "${text}".`);
  return value;
}

/** @typedef {ReturnType<typeof readSettings>} Settings */

/** @param {Readonly<Record<string, string | undefined>>} [env] */
export function readSettings(env = process.env) {
  const host = env.HOST || '127.0.0.1';
  const ports = {
    web: port(env, 'PORT', 3000),
    temporal: port(env, 'TEMPORAL_PORT', 7233),
    temporalUi: port(env, 'TEMPORAL_UI_PORT', 8233),
    postgres: port(env, 'POSTGRES_PORT', 54329),
    redis: port(env, 'REDIS_PORT', 63799),
    odoo: port(env, 'ODOO_SIM_PORT', 8069),
    mail: port(env, 'MAIL_SIM_PORT', 1025),
    inbox: port(env, 'MAIL_SIM_INBOX_PORT', 8025),
  };
  return {
    host,
    ports,
    /** Parts that the person runs elsewhere; we start none of our own for them. */
    theirs: {
      postgres: env.DATABASE_URL || undefined,
      redis: env.REDIS_URL || undefined,
      temporal: env.TEMPORAL_ADDRESS || undefined,
      odoo: env.ODOO_URL || undefined,
      mail: env.SMTP_URL || undefined,
    },
    databaseUrl: env.DATABASE_URL || `postgres://postgres:nervio@127.0.0.1:${ports.postgres}/nervio`,
    redisUrl: env.REDIS_URL || `redis://127.0.0.1:${ports.redis}`,
    temporalAddress: env.TEMPORAL_ADDRESS || `127.0.0.1:${ports.temporal}`,
    temporalUiUrl: env.TEMPORAL_UI_URL || `http://localhost:${ports.temporalUi}`,
    /** With the log-in that the simulator knows (simulators/mail/README.md). */
    smtpUrl: env.SMTP_URL || `smtp://nervio%40demo.test:nervio-demo-mail@127.0.0.1:${ports.mail}`,
    inboxUrl: `http://127.0.0.1:${ports.inbox}`,
    odooUrl: env.ODOO_URL || `http://127.0.0.1:${ports.odoo}`,
    /** Where this machine reaches the API. */
    local: `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${ports.web}`,
    publicUrl: env.PUBLIC_URL || `http://localhost:${ports.web}`,
  };
}

/**
 * The ports that `npm start` needs: none for a part that the person runs elsewhere.
 * @param {Settings} settings
 * @returns {{port: number, variable: string, what: string, host?: string}[]}
 */
export function ownPorts({ ports, host, theirs }) {
  return [
    { port: ports.web, variable: 'PORT', what: 'web and API', host },
    ...(theirs.temporal
      ? []
      : [
          { port: ports.temporal, variable: 'TEMPORAL_PORT', what: 'Temporal' },
          { port: ports.temporalUi, variable: 'TEMPORAL_UI_PORT', what: 'Temporal Web UI' },
        ]),
    ...(theirs.postgres ? [] : [{ port: ports.postgres, variable: 'POSTGRES_PORT', what: 'PostgreSQL' }]),
    ...(theirs.redis ? [] : [{ port: ports.redis, variable: 'REDIS_PORT', what: 'Redis' }]),
    ...(theirs.odoo ? [] : [{ port: ports.odoo, variable: 'ODOO_SIM_PORT', what: 'Odoo simulator' }]),
    ...(theirs.mail
      ? []
      : [
          { port: ports.mail, variable: 'MAIL_SIM_PORT', what: 'mail simulator' },
          { port: ports.inbox, variable: 'MAIL_SIM_INBOX_PORT', what: 'inbox of the mail simulator' },
        ]),
  ];
}

/**
 * The environment of our own processes.
 * @param {Settings} settings @param {string} secret
 * @param {{worker: number, dispatcher: number}} [metrics] ports of their metrics endpoints, which the API asks too
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnv(settings, secret, metrics) {
  return {
    ...process.env,
    NODE_ENV: 'production',
    NERVIO_SUPERVISED: '1',
    NERVIO_DEMO: process.env.NERVIO_DEMO || '1',
    NERVIO_SECRET: secret,
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    TEMPORAL_ADDRESS: settings.temporalAddress,
    TEMPORAL_UI_URL: settings.temporalUiUrl,
    ODOO_URL: settings.odooUrl,
    SMTP_URL: settings.smtpUrl,
    HOST: settings.host,
    PORT: String(settings.ports.web),
    PUBLIC_URL: settings.publicUrl,
    ...(metrics && {
      NERVIO_METRICS_PEERS: `worker=http://127.0.0.1:${metrics.worker}/metrics,dispatcher=http://127.0.0.1:${metrics.dispatcher}/metrics`,
    }),
  };
}
