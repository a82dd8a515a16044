import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import fp from 'fastify-plugin';

/** For everything that is not a page: nothing may run, load or frame it. Pages and the documentation set their own. */
const nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The policy of pages. Scripts and style sheets are our own files or carry the nonce; the component library sets
 * `style` attributes, which cannot carry one.
 */
export function pagePolicy(nonce: string | null, secure: boolean): string {
  const marked = nonce === null ? '' : ` 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src 'self'${marked}`,
    `style-src 'self'${marked}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob: data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/** What helmet sets. It is the same for every answer, so it is asked once and not a thousand times a second. */
async function helmetHeaders(secure: boolean): Promise<Record<string, string>> {
  const asked = Fastify();
  await asked.register(helmet, {
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    hsts: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  asked.get('/', (_, reply) => reply.raw.getHeaders());
  return (await asked.inject('/')).json();
}

/** Security headers of every answer. CORS stays closed: no answer carries a header that opens it (SEC-02). */
export const securityPlugin = fp<{ secure: boolean }>(
  async (app, { secure }) => {
    const headers = {
      ...(await helmetHeaders(secure)),
      'content-security-policy': nothing,
      'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
    };
    app.addHook('onRequest', (_, reply, done) => {
      reply.headers(headers);
      done();
    });
  },
  { name: 'security' },
);
