import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Config } from '../domain/config';
import { openBucket } from './objects-s3';

/**
 * Object storage (CAT-12): pictures, files of imports. Keys begin with the tenant and are made by us, never by a caller. An object
 * is written once and not changed; whoever writes the row that names it writes the object first.
 */
export interface Objects {
  put(key: string, body: Buffer, contentType: string): Promise<void>;
  /** null = there is none. */
  get(key: string): Promise<Buffer | null>;
  /** Nothing happens when there is none. */
  remove(key: string): Promise<void>;
}

const keyForm = /^[0-9a-f-]{36}(\/[a-z0-9-]+){2,4}$/;

/** `<tenant>/<what>/<id>` */
export function objectKey(tenantId: string, what: 'images' | 'imports', id: string): string {
  return `${tenantId.toLowerCase()}/${what}/${id.toLowerCase()}`;
}

export function openObjects(config: Config['objects']): Objects {
  const storage = config.s3 === null ? openFolder(config.folder) : openBucket(config.s3);
  const checked = (key: string): string => {
    if (!keyForm.test(key)) throw new Error(`Not a key of ours: ${key}`);
    return key;
  };
  return {
    put: (key, body, contentType) => storage.put(checked(key), body, contentType),
    get: (key) => storage.get(checked(key)),
    remove: (key) => storage.remove(checked(key)),
  };
}

/** One file per object, in a folder of this machine. */
export function openFolder(folder: string): Objects {
  const root = resolve(folder);
  const pathOf = (key: string): string => {
    const path = resolve(root, ...key.split('/'));
    if (!path.startsWith(root + sep)) throw new Error(`Outside of the folder: ${key}`);
    return path;
  };
  return {
    async put(key, body) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      // There whole, or not at all, whenever we are stopped.
      const half = join(dirname(path), `.${randomUUID()}`);
      await writeFile(half, body, { flush: true });
      await rename(half, path);
    },
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

/** For caches: the same bytes have the same tag. */
export function entityTag(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}
