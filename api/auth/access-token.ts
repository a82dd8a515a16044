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

interface Verified {
  claims: AccessClaims;
  /** Epoch ms. */
  until: number;
}

/** What a key has vouched for, by token: whoever sends a thousand requests has it checked once. */
const verified = new WeakMap<Uint8Array, Map<string, Verified>>();
const mostVerified = 5_000;

/**
 * One algorithm, whatever the token's header says (RFC 8725 §3.1).
 * @throws NervioError token_expired, unauthenticated
 */
export async function readAccessToken(key: Uint8Array, token: string): Promise<AccessClaims> {
  let own = verified.get(key);
  if (own === undefined) verified.set(key, (own = new Map<string, Verified>()));
  const known = own.get(token);
  if (known !== undefined && Date.now() < known.until) return known.claims;
  own.delete(token);
  const fresh = await verify(key, token);
  // The oldest go first.
  if (own.size >= mostVerified) own.delete(own.keys().next().value ?? '');
  own.set(token, fresh);
  return fresh.claims;
}

async function verify(key: Uint8Array, token: string): Promise<Verified> {
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
    const claims = { sub, tenantId, role, sid, sites: Array.isArray(sites) ? sites.map(String) : null };
    return { claims, until: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    if (error instanceof NervioError) throw error;
    throw new NervioError(
      error instanceof joseErrors.JWTExpired ? 'token_expired' : 'unauthenticated',
      {},
      { cause: error },
    );
  }
}
