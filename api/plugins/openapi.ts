import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../schemas';
import { declareRoutes, declaredRoutes } from './route-defaults';

const words: Readonly<Record<number, string>> = {
  400: 'Malformed: the body, a parameter or a header does not fit the schema',
  401: 'Nobody is logged in, or the session has ended',
  403: 'The role has no permission for this, or the request came from another site',
  404: 'It does not exist, or belongs to another tenant',
  409: 'It collides with something that is going on; repeat or reload',
  413: 'The body is too large',
  415: 'Only JSON is accepted',
  422: 'Understood and refused; `code` says why',
  429: 'Too many requests; Retry-After says when to repeat',
  500: 'A failure of ours; nothing was left half-done',
  503: 'Not available right now; repeat in some seconds',
};

/** Problem answers for a route's `schema.response`. */
export function problems(...statuses: number[]): Record<number, object> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: words[status] ?? 'Problem', content: { 'application/problem+json': { schema: Problem } } },
    ]),
  );
}

/** The problems that a route can answer by what it is, without its author's saying so. */
function inherent(route: RouteOptions, schema: FastifySchema): number[] {
  const config = route.config ?? {};
  const hasBody = schema.body !== undefined;
  const takesInput = hasBody || [schema.params, schema.querystring, schema.headers].some((part) => part !== undefined);
  const methods = [route.method].flat();
  const changes = methods.some((method) => !['GET', 'HEAD'].includes(method));
  return [
    ...(takesInput || changes ? [400] : []),
    ...(config.public ? [] : [401]),
    ...(config.permission !== undefined || changes ? [403] : []),
    ...(schema.params !== undefined ? [404] : []),
    ...(changes ? [413, 415] : []),
    ...(config.unlimited ? [] : [429]),
    500,
    503,
  ];
}

/** OpenAPI 3.1 at /openapi.json from the routes' own schemas, and a page to read it at /docs. */
export const openapiPlugin = fp<{ publicUrl: string }>(
  async (app, { publicUrl }) => {
    app.addHook('onRoute', function (route) {
      route.config = { ...declaredRoutes(this), ...route.config };
      const schema = route.schema ?? {};
      if (schema.hide === true || route.config.foreign) return;
      const own = (schema.response ?? {}) as Record<string, unknown>;
      route.schema = {
        ...schema,
        security: route.config.public ? [] : [{ bearer: [] }, { cookie: [] }],
        response: { ...problems(...inherent(route, schema)), ...own },
      };
    });

    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Nervio',
          version: '1',
          description: 'Operations of a business with many stores and warehouses. Problems are RFC 9457.',
        },
        servers: [{ url: publicUrl }],
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
            cookie: {
              type: 'apiKey',
              in: 'cookie',
              name: publicUrl.startsWith('https:') ? '__Host-nervio_access' : 'nervio_access',
            },
          },
        },
      },
    });
  },
  { name: 'openapi' },
);

/** Of the style sheet in Swagger UI's own script; another version may have another (test/e2e/docs.test.ts tells). */
const swaggerStyle = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** Registered after all routes. */
export async function openapiRoutes(app: FastifyInstance): Promise<void> {
  declareRoutes(app, { public: true, foreign: true });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true },
    // Its page has `style` attributes, pictures as data, and one style sheet that its script writes.
    staticCSP: `default-src 'none'; script-src 'self'; style-src 'self' ${swaggerStyle}; style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
  });
}
