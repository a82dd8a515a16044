import { hash, verify } from '@node-rs/argon2';
import { NervioError } from '../domain/errors';
import { commonPasswords } from './common-passwords';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default algorithm), 19 MiB, 2 passes, 1 lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), parameters);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password is the user's. Without a user (`stored` null) the same work is done against a decoy, so that the
 * time of the answer does not tell which e-mails exist.
 */
export async function checkPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const right = await verify(stored ?? (await decoy), password.normalize('NFKC'));
  return stored !== null && right;
}

const minimum = 10;

/**
 * ASVS 6.2: long rather than complicated; not among the most used; not the person's own name or e-mail; not one
 * character over and over, nor a plain run like 1234567890.
 * @throws NervioError weak_password
 */
export function requireStrongPassword(password: string, person: { email: string; name: string }): void {
  const plain = password.normalize('NFKC').toLowerCase();
  const own = [person.email.toLowerCase(), person.email.toLowerCase().split('@')[0] ?? '', person.name.toLowerCase()];
  const weak =
    [...plain].length < minimum ||
    commonPasswords.has(plain) ||
    new Set(plain).size < 4 ||
    isRun(plain) ||
    own.includes(plain);
  if (weak) throw new NervioError('weak_password');
}

function isRun(text: string): boolean {
  const steps = new Set([...text].slice(1).map((_, at) => text.charCodeAt(at + 1) - text.charCodeAt(at)));
  return steps.size <= 1;
}
