import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBucketServer } from '../simulators/s3/server';
import { objectKey, openObjects, type Objects } from './objects';

const credentials = { bucket: 'nervio', region: 'sa-east-1', accessKeyId: 'AKIATEST', secretAccessKey: 'secreto/+=' };
const { server, simulator } = createBucketServer(credentials);
let folder: string;
let endpoint: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nervio-objects-'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const key = () => objectKey(randomUUID(), 'images', randomUUID());
const body = Buffer.from([0, 1, 2, 0xff, 0xfe]);
const open = (kind: string): Objects =>
  openObjects({ folder, s3: kind === 'bucket' ? { endpoint, ...credentials } : null });

describe.each(['folder', 'bucket'])('a %s', (kind) => {
  it('gives back what it was given, until it is taken away', async () => {
    const objects = open(kind);
    const name = key();
    expect(await objects.get(name)).toBeNull();
    await objects.put(name, body, 'image/png');
    expect(await objects.get(name)).toEqual(body);
    await objects.remove(name);
    expect(await objects.get(name)).toBeNull();
    await objects.remove(name);
  });

  it('takes no key that we did not make', async () => {
    const objects = open(kind);
    for (const name of ['../../etc/passwd', `${randomUUID()}/../x/y`, '/etc/passwd', 'x']) {
      expect(() => objects.put(name, body, 'image/png')).toThrow('Not a key of ours');
      expect(() => objects.get(name)).toThrow('Not a key of ours');
    }
  });
});

it('a folder holds nothing half-written', async () => {
  const name = key();
  await open('folder').put(name, body, 'image/png');
  const files = await readdir(join(folder, ...name.split('/').slice(0, -1)));
  expect(files).toEqual([name.split('/').at(-1)]);
});

it('a bucket is asked again when it fails for a moment, and its refusal is not taken for absence', async () => {
  const objects = open('bucket');
  const name = key();
  simulator.failNext(1, 503);
  await objects.put(name, body, 'image/png');
  expect(simulator.objects.get(name)).toEqual({ body, contentType: 'image/png' });
  const wrong = openObjects({ folder, s3: { endpoint, ...credentials, secretAccessKey: 'otro' } });
  await expect(wrong.get(name)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
});
