import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import { type Role, roles } from '../../domain/access';
import { NervioError } from '../../domain/errors';

/** What an access token says (AUTH-02). Rights are read from the database; these claims are for the client's eyes. */
export interface AccessClaims {
  sub: string;
  tenantId: string;
  role: Role;
  sid: string;
  /** null = all sites of the tenant. */
  sites: string[] | null;
}

const algorithm = 'HS256';
const issuer = 'nervio';
const audience = 'nervio-api';

/** @param key 32 bytes, `deriveKey(secret, 'access-token')` */
export async function signAccessToken(key: Uint8Array, claims: AccessClaims, expiresAt: Date): Promise<string> {
  const { sub, ...rest } = claims;
  return new SignJWT({ ...rest })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
    .sign(key);
}

/**
 * One algorithm, whatever the token's header says (RFC 8725 §3.1).
 * @throws NervioError token_expired, unauthenticated
 */
export async function readAccessToken(key: Uint8Array, token: string): Promise<AccessClaims> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'sid', 'tenantId', 'role'],
    });
    const { sub, tenantId, sid, sites } = payload;
    const role = roles.find((one) => one === payload.role);
    if (typeof sub !== 'string' || typeof tenantId !== 'string' || typeof sid !== 'string' || role === undefined) {
      throw new NervioError('unauthenticated');
    }
    return { sub, tenantId, role, sid, sites: Array.isArray(sites) ? sites.map(String) : null };
  } catch (error) {
    if (error instanceof NervioError) throw error;
    throw new NervioError(
      error instanceof joseErrors.JWTExpired ? 'token_expired' : 'unauthenticated',
      {},
      { cause: error },
    );
  }
}
