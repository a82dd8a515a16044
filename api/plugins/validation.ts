import addFormats from 'ajv-formats';
import { Ajv } from 'ajv';
import fp from 'fastify-plugin';

/**
 * SEC-03. Bodies are taken as they are: "5" is no number there. What comes as text by nature (query, path, headers) is
 * read as the type that the schema names.
 */
export const validationPlugin = fp(
  async (app) => {
    const options = { useDefaults: true, removeAdditional: false, allErrors: false, strict: true } as const;
    const asSent = new Ajv({ ...options, coerceTypes: false });
    const asText = new Ajv({ ...options, coerceTypes: true });
    addFormats(asSent);
    addFormats(asText);
    app.setValidatorCompiler(({ schema, httpPart }) =>
      (httpPart === 'body' ? asSent : asText).compile(schema as Record<string, unknown>),
    );
  },
  { name: 'validation' },
);
