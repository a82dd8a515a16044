import { SignJWT, UnsecuredJWT } from 'jose';
import { deriveKey } from '../../store/secrets';
import { type AccessClaims, readAccessToken, signAccessToken } from './access-token';
import { createRefreshTokens, hashRefreshToken } from './refresh-token';

const secret = 'ab'.repeat(32);
const key = deriveKey(secret, 'access-token');
const claims: AccessClaims = { sub: 'user', tenantId: 'tenant', role: 'warehouse', sid: 'session', sites: ['one'] };
const soon = () => new Date(Date.now() + 60_000);

describe('access tokens', () => {
  it('say who, whose, what and which session', async () => {
    expect(await readAccessToken(key, await signAccessToken(key, claims, soon()))).toEqual(claims);
  });

  it('end', async () => {
    const token = await signAccessToken(key, claims, new Date(Date.now() - 1000));
    await expect(readAccessToken(key, token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('end when they were good before', async () => {
    const token = await signAccessToken(key, claims, soon());
    expect(await readAccessToken(key, token)).toEqual(claims);
    jest.useFakeTimers({
      now: Date.now() + 61_000,
      doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'setTimeout', 'queueMicrotask', 'performance'],
    });
    await expect(readAccessToken(key, token)).rejects.toMatchObject({ code: 'token_expired' });
    jest.useRealTimers();
  });

  const signed = (alg: string, signer: Uint8Array, issuer = 'nervio', extra: object = claims) =>
    new SignJWT({ ...extra })
      .setProtectedHeader({ alg })
      .setIssuer(issuer)
      .setAudience('nervio-api')
      .setExpirationTime('1m')
      .sign(signer);

  it.each<[string, () => Promise<string> | string]>([
    ['not signed', () => new UnsecuredJWT({ ...claims }).setIssuer('nervio').setExpirationTime('1m').encode()],
    ['signed with another key', () => signed('HS256', deriveKey('cd'.repeat(32), 'access-token'))],
    ['signed with the key of another purpose', () => signed('HS256', deriveKey(secret, 'refresh-token'))],
    ['signed with another algorithm', () => signed('HS512', Buffer.concat([key, key]))],
    ['of another issuer', () => signed('HS256', key, 'somebody')],
    ['without a session', () => signed('HS256', key, 'nervio', { ...claims, sid: undefined })],
    ['of a role that does not exist', () => signed('HS256', key, 'nervio', { ...claims, role: 'owner' })],
    ['changed', async () => (await signAccessToken(key, claims, soon())).replace(/\.[^.]{4}/, '.AAAA')],
    ['no token at all', () => 'nonsense'],
    ['empty', () => ''],
  ])('are refused when %s', async (_, make) => {
    await expect(readAccessToken(key, await make())).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('refresh tokens', () => {
  const tokens = createRefreshTokens(deriveKey(secret, 'refresh-token'));

  it('have one successor each, the same every time', () => {
    const token = tokens.issue();
    expect(tokens.successor(token)).toBe(tokens.successor(token));
    expect(tokens.successor(token)).not.toBe(token);
    expect(tokens.successor(tokens.issue())).not.toBe(tokens.successor(token));
  });

  it('are known to be ours, and so are their successors', () => {
    const token = tokens.issue();
    expect(tokens.isOurs(token)).toBe(true);
    expect(tokens.isOurs(tokens.successor(token))).toBe(true);
    expect(tokens.isOurs(`${token}x`)).toBe(false);
    expect(tokens.isOurs(`x${token}`)).toBe(false);
    expect(tokens.isOurs('')).toBe(false);
    expect(createRefreshTokens(deriveKey('cd'.repeat(32), 'refresh-token')).isOurs(token)).toBe(false);
  });

  it('cannot be followed to the successor by who has no key', () => {
    const other = createRefreshTokens(deriveKey('cd'.repeat(32), 'refresh-token'));
    const token = tokens.issue();
    expect(hashRefreshToken(other.successor(token)).equals(hashRefreshToken(tokens.successor(token)))).toBe(false);
  });
});
