import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout (or image) folder, whether this file runs from source or from dist/. */
export const rootDir: string = (() => {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();
