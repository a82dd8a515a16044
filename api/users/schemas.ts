import { Type, type Static } from 'typebox';
import { roles } from '../../domain/access';
import { Id, Input, Instant, Nullable } from '../schemas';

/** Devices are activated, not created as users. */
const RoleOfPerson = Type.Enum(roles.filter((role) => role !== 'device'));
const Name = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' });
const Locale = Type.Enum(['es', 'en']);
const SiteIds = Type.Array(Id(), { maxItems: 1000, uniqueItems: true });
/** Its length is a rule (weak_password), not a form. */
const Password = Type.String({ minLength: 1, maxLength: 200 });

export const UserSchema = Type.Object({
  id: Id(),
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum([...roles]),
  allSites: Type.Boolean(),
  siteIds: Type.Array(Id()),
  locale: Locale,
  active: Type.Boolean(),
  version: Type.Integer(),
  createdAt: Instant,
  lastLoginAt: Nullable(Instant),
});
export type UserView = Static<typeof UserSchema>;

export const NewUser = Input({
  email: Type.String({ format: 'email', maxLength: 254 }),
  name: Name,
  role: RoleOfPerson,
  password: Password,
  allSites: Type.Optional(Type.Boolean({ default: true })),
  siteIds: Type.Optional(SiteIds),
  locale: Type.Optional(Locale),
});
export type NewUser = Static<typeof NewUser>;

/** `version` is the one that the change was made upon. */
export const UserChange = Input({
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  name: Type.Optional(Name),
  role: Type.Optional(RoleOfPerson),
  allSites: Type.Optional(Type.Boolean()),
  siteIds: Type.Optional(SiteIds),
  locale: Type.Optional(Locale),
  active: Type.Optional(Type.Boolean()),
  password: Type.Optional(Password),
});
export type UserChange = Static<typeof UserChange>;
