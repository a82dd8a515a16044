import { Type, type Static } from 'typebox';
import { Id, Input, Instant, Nullable } from '../schemas';

const Url = Type.String({ format: 'uri', pattern: '^(https?|smtps?)://', maxLength: 300 });
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
/** An API key or a password; it never leaves again. */
const Secret = Type.String({ minLength: 1, maxLength: 500 });

export const ConnectionView = Type.Object({
  id: Id(),
  kind: Type.String(),
  name: Type.String(),
  settings: Type.Object({
    url: Type.String(),
    database: Type.String({ description: "Of an Odoo its database, of a mail server the sender's address" }),
    login: Type.String(),
  }),
  state: Type.Enum(['unknown', 'up', 'down', 'credentials', 'incompatible']),
  since: Instant,
  latencyMs: Nullable(Type.Integer()),
  serverVersion: Nullable(Type.String()),
  lastError: Nullable(Type.String()),
  probedAt: Nullable(Instant),
  catalogueSyncedAt: Nullable(Instant),
  waiting: Type.Integer({ description: 'Operations that wait for it' }),
  version: Type.Integer(),
});
export type ConnectionView = Static<typeof ConnectionView>;

/** A new `url` or `database` needs the `secret` too. `version` is the one that the change was made upon; without it the change is made in any case. */
export const ConnectionChange = Input({
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  settings: Type.Optional(
    Input({ url: Type.Optional(Url), database: Type.Optional(Name), login: Type.Optional(Name) }),
  ),
  secret: Type.Optional(Secret),
  sameSystem: Type.Optional(
    Type.Boolean({
      description: 'The address is new, the Odoo behind it is not: what is known of its places and pallets stays',
    }),
  ),
});
export type ConnectionChange = Static<typeof ConnectionChange>;

/** What is not given is taken from the connection as it is. */
export const ConnectionTrial = Input({
  settings: Type.Optional(
    Input({ url: Type.Optional(Url), database: Type.Optional(Name), login: Type.Optional(Name) }),
  ),
  secret: Type.Optional(Secret),
});
export type ConnectionTrial = Static<typeof ConnectionTrial>;

export const TrialResult = Type.Object({
  ok: Type.Boolean(),
  /** Code of the error catalogue when it is not. */
  code: Nullable(Type.String()),
  detail: Nullable(Type.String({ description: 'Technical, in English' })),
  serverVersion: Nullable(Type.String()),
  latencyMs: Nullable(Type.Number()),
});
export type TrialResult = Static<typeof TrialResult>;
