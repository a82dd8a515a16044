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

/** Money as it goes out: an integer of minor units (CLP has no decimals: 12990 = $12.990). Prices include tax. */
export const MoneyView = Type.Object({ amount: Type.Integer(), currency: Type.String() });

/** Money as it comes in: with its currency or bare. The largest amount leaves room for a line of thousands. */
export const MoneyInput = (minimum = 0) => {
  const amount = Type.Integer({ minimum, maximum: 1_000_000_000_000 });
  return Type.Union([amount, Input({ amount, currency: Type.String({ pattern: '^[A-Z]{3}$' }) })], {
    description: 'Minor units, bare or {amount, currency}',
  });
};

/** A quantity as it goes out: always three decimals, `"0.350"`; the unit is in a field beside it. */
export const QuantityView = Type.String({ pattern: '^-?\\d+\\.\\d{3}$' });

/** A quantity as it comes in: `"2"`, `"0.35"` or a whole number. Below zero only where `signed`. */
export const QuantityInput = ({ signed = false } = {}) =>
  Type.Union(
    [
      Type.String({ pattern: `^${signed ? '-?' : ''}\\d{1,9}(\\.\\d{1,3})?$` }),
      Type.Integer({ minimum: signed ? -999_999_999 : 0, maximum: 999_999_999 }),
    ],
    { description: 'At most three decimals: "2", "0.35", 3' },
  );

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
