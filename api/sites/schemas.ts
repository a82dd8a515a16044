import { Type, type Static } from 'typebox';
import { Id, Input, Nullable } from '../schemas';

const Kind = Type.Enum(['store', 'warehouse']);
const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' });
const Address = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

export const Site = Type.Object({ id: Id(), name: Type.String(), kind: Kind });

export const LocationSchema = Type.Object({
  id: Id(),
  name: Type.String(),
  active: Type.Boolean(),
  isDefault: Type.Boolean({ description: 'Where what comes in is put unless said otherwise' }),
});

export const SizeSchema = Type.Object({ id: Id(), name: Type.String() });
export const ColourSchema = Type.Object({ id: Id(), name: Type.String(), hex: Nullable(Type.String()) });

/** TEN-01: everything that a site was born with and got since. */
export const SiteSetup = Type.Object({
  id: Id(),
  name: Type.String(),
  kind: Kind,
  address: Nullable(Type.String()),
  timeZone: Type.String({ description: 'IANA name' }),
  allowNegative: Type.Boolean({ description: 'Its stock may go below zero' }),
  active: Type.Boolean(),
  version: Type.Integer(),
  locations: Type.Array(LocationSchema),
  sizes: Type.Array(SizeSchema),
  colours: Type.Array(ColourSchema),
  registers: Type.Integer({ description: 'How many tills it has' }),
});
export type SiteSetup = Static<typeof SiteSetup>;

export const NewSite = Input({
  name: Name,
  kind: Kind,
  address: Type.Optional(Nullable(Address)),
  timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'IANA name' })),
  allowNegative: Type.Optional(Type.Boolean()),
});
export type NewSite = Static<typeof NewSite>;

/** `version` is the one that the change was made upon. */
export const SiteChange = Input({
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  name: Type.Optional(Name),
  address: Type.Optional(Nullable(Address)),
  allowNegative: Type.Optional(Type.Boolean()),
});
export type SiteChange = Static<typeof SiteChange>;

export const NewLocation = Input({ name: Name });
export type NewLocation = Static<typeof NewLocation>;

export const NewSize = Input({ name: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }) });
export type NewSize = Static<typeof NewSize>;

export const NewColour = Input({
  name: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
  hex: Type.Optional(Nullable(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }))),
});
export type NewColour = Static<typeof NewColour>;
