import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

interface Locked {
  optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Is `name` locked where Node would look for it from `path`: in its own node_modules or in one above? */
function isLocked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/')))) {
    if (`${at === '' || at.endsWith('/') ? at : `${at}/`}node_modules/${name}` in packages) return true;
    if (at === '') return false;
    at = at.replace(/\/$/, '');
  }
}

/**
 * npm leaves a platform package that the registry does not offer (yet) out of the lock file, and then `npm ci` refuses that file
 * on every machine.
 */
it('package-lock.json knows every platform package, so that npm ci accepts it', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).flatMap((name) => (isLocked(path, name) ? [] : [`${name}, wanted by ${path}`])),
  );
  expect(missing).toEqual([]);
});
