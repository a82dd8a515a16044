import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { NervioError } from '../domain/errors';

/**
 * Credentials of connections, sealed with AES-256-GCM under a key from NERVIO_SECRET (design: connections).
 * Layout: version (1 byte) · key id (4) · nonce (12) · tag (16) · ciphertext. The additional data is the tenant and the
 * connection, so that a sealed credential copied to another row or tenant does not open.
 */
export interface SecretBox {
  seal(plain: string, owner: SecretOwner): Buffer;
  /** @throws Error when it was sealed for another owner, under an unknown key, or was changed. */
  unseal(sealed: Uint8Array, owner: SecretOwner): string;
}

export interface SecretOwner {
  tenantId: string;
  connectionId: string;
}

export type KeyPurpose = 'seal' | 'access-token' | 'refresh-token' | 'fingerprint';

/** One 32-byte key per purpose from the instance secret (hex); HKDF, RFC 5869. */
export function deriveKey(secret: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), Buffer.alloc(0), `nervio/${purpose}/v1`, 32));
}

/**
 * The key of a connection. One that cannot be opened is as good as a wrong one: a person has to put it in anew.
 * @throws NervioError of the given code
 */
export function openSecret(
  secrets: SecretBox,
  sealed: Uint8Array,
  owner: SecretOwner,
  code: 'odoo_credentials' | 'mail_credentials' = 'odoo_credentials',
): string {
  try {
    return secrets.unseal(sealed, owner);
  } catch (cause) {
    const detail =
      'The stored key of the connection cannot be opened: NERVIO_SECRET was changed or lost. Put the key in anew, or start with the secret before the change as NERVIO_SECRET_PREVIOUS.';
    throw new NervioError(code, {}, { cause, detail });
  }
}

const version = 1;
const header = 1 + 4 + 12 + 16;
const keyId = (key: Buffer) => createHash('sha256').update(key).digest().subarray(0, 4);
const owned = ({ tenantId, connectionId }: SecretOwner) => Buffer.from(`${tenantId}/${connectionId}`.toLowerCase());

/** Seals under `secret`; opens what was sealed under it or under the secret before the last change. */
export function createSecretBox(secret: string, previousSecret: string | null = null): SecretBox {
  const current = deriveKey(secret, 'seal');
  const known = previousSecret === null ? [current] : [current, deriveKey(previousSecret, 'seal')];
  return {
    seal(plain, owner) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(owned(owner));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), keyId(current), nonce, cipher.getAuthTag(), text]);
    },
    unseal(sealed, owner) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < header || bytes[0] !== version) throw new Error('Not a sealed secret');
      const key = known.find((candidate) => keyId(candidate).equals(bytes.subarray(1, 5)));
      if (key === undefined) throw new Error('Sealed under another NERVIO_SECRET');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(5, 17))
        .setAAD(owned(owner))
        .setAuthTag(bytes.subarray(17, header));
      return Buffer.concat([decipher.update(bytes.subarray(header)), decipher.final()]).toString('utf8');
    },
  };
}
