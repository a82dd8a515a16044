import { randomUUID } from 'node:crypto';
import { mostImageBytes, mostImages } from '../../domain/image';
import { buildTestApp, type TestApp } from '../support/app';
import { createCatalogue, tinyPng, type TestCatalogue } from '../support/catalogue';

let t: TestApp;
let made: TestCatalogue;
let manager: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  made = await createCatalogue(t.database, t.demo);
  await t.database.query('DELETE FROM product_image');
  manager = await t.as(t.demo.users.manager);
});
afterAll(() => t?.close());

const upload = (payload: Buffer, headers: Record<string, string> = {}) =>
  t.call({
    method: 'POST',
    url: `/api/v1/products/${made.productId}/images`,
    headers: { ...manager, 'content-type': 'application/octet-stream', ...headers },
    payload,
  });
const get = (url: string, headers: Record<string, string>) => t.call({ method: 'GET', url, headers });

it('a picture is kept, shown with its product, and may be kept by a browser for ever', async () => {
  const answer = await upload(tinyPng, { 'content-type': 'image/jpeg' });
  expect([answer.statusCode, answer.json()]).toMatchObject([201, { contentType: 'image/png', bytes: tinyPng.length }]);
  const { url } = answer.json<{ url: string }>();
  const cashier = await t.as(t.demo.users.cashier);
  const picture = await get(url, cashier);
  expect([picture.statusCode, picture.rawPayload]).toEqual([200, tinyPng]);
  expect(picture.headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'private, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  });
  const again = await get(url, { ...cashier, 'if-none-match': String(picture.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect((await get(`/api/v1/products/scan/${made.code}`, cashier)).json()).toMatchObject({ imageUrl: url });
  expect((await t.call({ method: 'POST', url: `${url}/remove`, headers: manager })).statusCode).toBe(200);
  expect((await get(url, cashier)).statusCode).toBe(404);
});

it('what its bytes do not show to be a picture is refused, whatever it is called', async () => {
  for (const bad of ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 'GIF89a', '\x89PNG']) {
    const answer = await upload(Buffer.from(bad, 'latin1'), { 'content-type': 'image/png' });
    expect(answer.json()).toMatchObject({ status: 422, code: 'not_an_image' });
  }
  expect((await upload(Buffer.alloc(0))).json()).toMatchObject({
    code: expect.stringMatching(/file_empty|malformed|unsupported/) as unknown,
  });
  expect((await upload(Buffer.alloc(mostImageBytes + 1))).json()).toMatchObject({
    status: 413,
    code: 'payload_too_large',
  });
});

it('comes once, however often it is sent, and not more than a dozen', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const first = await upload(tinyPng, key);
  const again = await upload(tinyPng, key);
  expect([again.headers['idempotency-replayed'], again.json()]).toEqual(['true', first.json()]);
  expect((await upload(Buffer.concat([tinyPng, tinyPng]), key)).json()).toMatchObject({
    code: 'idempotency_key_reused',
  });
  for (let count = 1; count < mostImages; count++) expect((await upload(tinyPng)).statusCode).toBe(201);
  expect((await upload(tinyPng)).json()).toMatchObject({ code: 'too_many_images' });
});
