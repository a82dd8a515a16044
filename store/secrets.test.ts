import { NervioError } from '../domain/errors';
import { createSecretBox, deriveKey, openSecret } from './secrets';

const owner = { tenantId: '0190-tenant', connectionId: '0190-connection' };
const secret = 'ab'.repeat(32);
const box = createSecretBox(secret);

describe('sealed credentials', () => {
  it('opens what it sealed', () => {
    expect(box.unseal(box.seal('clave-ñandú', owner), owner)).toBe('clave-ñandú');
  });

  it('never gives the same bytes twice, nor the plain text', () => {
    const [one, two] = [box.seal('api-key', owner), box.seal('api-key', owner)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('api-key')).toBe(false);
  });

  it.each([{ tenantId: 'another' }, { connectionId: 'another' }])('does not open for %j', (other) => {
    const sealed = box.seal('api-key', owner);
    expect(() => box.unseal(sealed, { ...owner, ...other })).toThrow();
  });

  it('does not open when any byte was changed', () => {
    const sealed = box.seal('api-key', owner);
    for (let at = 0; at < sealed.length; at++) {
      const bent = Buffer.from(sealed);
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(() => box.unseal(bent, owner)).toThrow();
    }
  });

  it('opens under the secret before the last change, and says when the key is unknown', () => {
    const sealed = box.seal('api-key', owner);
    const changed = 'cd'.repeat(32);
    expect(createSecretBox(changed, secret).unseal(sealed, owner)).toBe('api-key');
    expect(() => createSecretBox(changed).unseal(sealed, owner)).toThrow('Sealed under another NERVIO_SECRET');
  });

  it('derives a different key for each purpose', () => {
    expect(deriveKey(secret, 'seal').equals(deriveKey(secret, 'access-token'))).toBe(false);
  });
});

describe('the key of a connection', () => {
  it('opens', () => {
    expect(openSecret(box, box.seal('api-key', owner), owner)).toBe('api-key');
  });

  it.each([
    ['sealed under another secret', createSecretBox('cd'.repeat(32)).seal('api-key', owner)],
    ['sealed for another', box.seal('api-key', { ...owner, tenantId: 'another' })],
    ['no sealed one', Buffer.from('api-key')],
  ])('%s is as good as a wrong one', (_, sealed) => {
    const refused = (): unknown => {
      try {
        return openSecret(box, sealed, owner);
      } catch (error) {
        return error instanceof NervioError ? [error.code, error.message.includes('NERVIO_SECRET')] : error;
      }
    };
    expect(refused()).toEqual(['odoo_credentials', true]);
  });
});
