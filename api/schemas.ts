import { Type, type Static, type TSchema } from 'typebox';

/** Ids are UUIDs (v7 when Nervio makes them). */
export const Id = (description?: string) => Type.String({ format: 'uuid', ...(description && { description }) });
export const IdParams = Type.Object({ id: Id() });

export const Instant = Type.String({ format: 'date-time', description: 'UTC, ISO 8601' });
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Closed: a field that nobody knows is a mistake of the caller and answers 400. */
export const Input = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** Keyset paging: `cursor` is what the page before gave as `nextCursor`; opaque. */
export const PageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 300, pattern: '^[A-Za-z0-9_-]+$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
};

export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) });

/** On every command; the same key with the same body is answered with the same answer (design: idempotency in). */
export const CommandHeaders = Type.Object({
  'idempotency-key': Type.String({ minLength: 8, maxLength: 100, pattern: '^[A-Za-z0-9._:-]+$' }),
});

/** RFC 9457. `code` is stable and of domain/errors.ts; more members depend on it. */
export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'urn:nervio:problem:<code>' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.String({ description: 'A sentence for a person, in the language of Accept-Language (es, en)' }),
    instance: Type.String({ description: 'urn:uuid:<request id>, as in the logs' }),
    fields: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { additionalProperties: true },
);
export type Problem = Static<typeof Problem>;
