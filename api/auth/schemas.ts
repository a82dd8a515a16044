import { Type } from 'typebox';
import { permissions, roles } from '../../domain/access';
import { Id, Input, Instant, Nullable } from '../schemas';

export const MeSchema = Type.Object({
  id: Id(),
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum([...roles]),
  locale: Type.Enum(['es', 'en']),
  tenant: Type.Object({
    id: Id(),
    slug: Type.String(),
    name: Type.String(),
    locale: Type.String(),
    currency: Type.String(),
  }),
  siteIds: Nullable(Type.Array(Id())),
  permissions: Type.Array(Type.Enum([...permissions])),
});

export const LoginInput = Input({
  email: Type.String({ minLength: 3, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});

export const RefreshInput = Type.Union([
  Input({ refreshToken: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
  Type.Null(),
]);

export const SessionAnswer = Type.Object({
  accessToken: Type.String({ description: 'For Authorization: Bearer' }),
  expiresAt: Instant,
  refreshToken: Type.Optional(
    Type.String({ description: 'For devices; a browser session has it in an HTTP-only cookie instead' }),
  ),
  user: MeSchema,
});
