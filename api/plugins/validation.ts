import addFormats from 'ajv-formats';
import { Ajv } from 'ajv';
import fp from 'fastify-plugin';
import { NervioError } from '../../domain/errors';

/** RFC 3339 with what PostgreSQL takes too: a year from 1 on, an offset that exists on earth. */
const instant = /^(?!0000)(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/i;

/** JavaScript takes the 30th of February for the 2nd of March. */
function lastDay(year: number, month: number): number {
  // The calendar repeats after 400 years; of the first hundred Date makes others.
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

export function isInstant(text: string): boolean {
  const [year, month, day] = (instant.exec(text)?.slice(1, 4) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  return day <= lastDay(year, month) && !Number.isNaN(Date.parse(text));
}

/** NUL and halves of characters: JSON can carry them, PostgreSQL cannot keep them. */
const unstorable = /\u0000|\p{Surrogate}/u;

/** Where in `value` a text stands that could not be stored; null = nowhere. */
export function findUnstorable(value: unknown, path: string): string | null {
  if (typeof value === 'string') return unstorable.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const found = unstorable.test(name) ? path : findUnstorable(part, `${path}/${name}`);
    if (found !== null) return found;
  }
  return null;
}

/**
 * SEC-03. Bodies are taken as they are: "5" is no number there. What comes as text by nature (query, path, headers) is
 * read as the type that the schema names.
 */
export const validationPlugin = fp(
  async (app) => {
    const options = { useDefaults: true, removeAdditional: false, allErrors: false, strict: true } as const;
    const asSent = new Ajv({ ...options, coerceTypes: false });
    const asText = new Ajv({ ...options, coerceTypes: true });
    for (const ajv of [asSent, asText]) {
      addFormats(ajv);
      ajv.addFormat('date-time', isInstant);
    }
    app.setValidatorCompiler(({ schema, httpPart }) =>
      (httpPart === 'body' ? asSent : asText).compile(schema as Record<string, unknown>),
    );
    // JSON only; Fastify's own reader of plain text would have it pass as a body.
    app.removeContentTypeParser('text/plain');
    app.addHook('preValidation', (request, _, done) => {
      // Raw bodies (forms of the web app) are not ours to read.
      const body = Buffer.isBuffer(request.body) ? null : findUnstorable(request.body, 'body');
      const path = body ?? findUnstorable(request.query, 'querystring') ?? findUnstorable(request.params, 'params');
      if (path === null) done();
      else done(new NervioError('malformed', { fields: [{ path, message: 'unstorable character' }] }));
    });
  },
  { name: 'validation' },
);
