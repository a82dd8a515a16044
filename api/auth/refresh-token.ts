import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Refresh tokens: `<random>.<mac>`, both base64url. The MAC lets a made-up token be refused without asking the
 * database. The successor of a token follows from the token and the server's key, so that a client that lost the
 * answer gets the same one again while the database keeps nothing but hashes (docs/decisions/010-sessions.md).
 */
export interface RefreshTokens {
  issue(): string;
  successor(token: string): string;
  isOurs(token: string): boolean;
}

/** What the database keeps of a token. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** @param key 32 bytes, `deriveKey(secret, 'refresh-token')` */
export function createRefreshTokens(key: Uint8Array): RefreshTokens {
  const mac = (label: string, text: string) => createHmac('sha256', key).update(`${label}:${text}`).digest();
  const tagged = (random: string) => `${random}.${mac('tag', random).subarray(0, 16).toString('base64url')}`;
  return {
    issue: () => tagged(randomBytes(32).toString('base64url')),
    successor: (token) => tagged(mac('successor', token).toString('base64url')),
    isOurs(token) {
      const [given, wanted] = [Buffer.from(token), Buffer.from(tagged(token.split('.')[0] ?? ''))];
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
