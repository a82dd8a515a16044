import { checkPassword, hashPassword, requireStrongPassword } from './passwords';

const person = { email: 'maria.gonzalez@demo.test', name: 'María González Pérez' };

describe('passwords', () => {
  it('are kept as argon2id with the parameters of OWASP', async () => {
    expect(await hashPassword('nervio-demo')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('fit whatever way an accent was typed', async () => {
    const stored = await hashPassword('cami\u00f3n-azul-7');
    expect(await checkPassword(stored, 'camio\u0301n-azul-7')).toBe(true);
    expect(await checkPassword(stored, 'camion-azul-7')).toBe(false);
  });

  it('never fit nobody, not even the decoy', async () => {
    expect(await checkPassword(null, 'nobody has this password')).toBe(false);
  });

  it('take as long to check for nobody as for somebody', async () => {
    const stored = await hashPassword('nervio-demo');
    const time = async (of: string | null) => {
      const began = performance.now();
      await checkPassword(of, 'wrong');
      return performance.now() - began;
    };
    await time(null);
    // The shortest of each, taken in turns: what others do on the machine only adds to a time.
    let [somebody, nobody] = [Infinity, Infinity];
    for (let count = 0; count < 10; count++) {
      somebody = Math.min(somebody, await time(stored));
      nobody = Math.min(nobody, await time(null));
    }
    expect(nobody / somebody).toBeGreaterThan(0.3);
    expect(nobody / somebody).toBeLessThan(3);
  });

  it.each(['nervio-demo', 'tres pallets en la cámara', 'Ñandú#2041x', '一二三四五六七八九十'])(
    'accepts «%s»',
    (password) => {
      expect(() => requireStrongPassword(password, person)).not.toThrow();
    },
  );

  it.each([
    'short-one',
    'Password123',
    'contraseña123',
    'aaaaaaaaaaaa',
    'abababababab',
    '1234567890',
    'lmnopqrstuv',
    'maria.gonzalez@demo.test',
    'maria.gonzalez',
    'María González Pérez',
  ])('refuses «%s»', (password) => {
    expect(() => requireStrongPassword(password, person)).toThrow(expect.objectContaining({ code: 'weak_password' }));
  });
});
