import { randomUUID } from 'node:crypto';
import { Workbook } from 'exceljs';
import { mostImportBytes } from '../../api/imports/schemas';
import { buildTestApp, type TestApp } from '../support/app';

let t: TestApp;
let manager: { authorization: string };
beforeAll(async () => {
  t = await buildTestApp();
  manager = await t.as(t.demo.users.manager);
  const variants = [{ sku: 'HAY', price: 1000, codes: [{ code: 'C-HAY' }] }];
  await t.call({ method: 'POST', url: '/api/v1/products', headers: manager, payload: { name: 'Hay', variants } });
});
afterAll(() => t?.close());

const upload = (file: Buffer | string, more: { name?: string; headers?: Record<string, string> } = {}) =>
  t.call({
    method: 'POST',
    url: `/api/v1/imports?fileName=${encodeURIComponent(more.name ?? 'productos.csv')}`,
    headers: { ...manager, 'content-type': 'application/octet-stream', ...more.headers },
    payload: Buffer.from(file),
  });
const get = <T>(url: string, headers: Record<string, string> = manager) =>
  t.call({ method: 'GET', url, headers }).then((answer) => answer.json<T>());
const post = (url: string) => t.call({ method: 'POST', url, headers: manager });
interface Rows {
  items: {
    row: number;
    action: string;
    data: { sku: string };
    problems: { field: string; code: string; message: string }[];
  }[];
  nextCursor: string | null;
}

describe('the preview of a file', () => {
  it('says line by line what it would do, and what is wrong, in the reader’s language', async () => {
    const answer = await upload(
      [
        'SKU;Nombre;Precio;Talla;Código;Bodega',
        'HAY;;1000;;C-HAY;1',
        'HAY2;Nuevo;1990;;;2',
        'MAL;Malo;caro;XXXL;C-HAY;3',
        'HAY2;Otra vez;1;;;4',
        'SIN;;;;;',
      ].join('\n'),
    );
    expect([answer.statusCode, answer.json()]).toMatchObject([
      201,
      {
        fileName: 'productos.csv',
        state: 'previewed',
        rowCount: 5,
        createCount: 1,
        updateCount: 0,
        sameCount: 1,
        badCount: 3,
        ignoredColumns: ['Bodega'],
        progress: null,
        operationId: null,
      },
    ]);
    const { id } = answer.json<{ id: string }>();
    const told = await get<Rows>(`/api/v1/imports/${id}/rows?problems=true`);
    expect(told.items.map(({ row, problems }) => [row, problems.map(({ field, code }) => `${field} ${code}`)])).toEqual(
      [
        [4, ['price bad_amount', 'barcodes code_twice', 'size unknown_size']],
        [5, ['sku sku_twice']],
        [6, ['name missing', 'price missing']],
      ],
    );
    expect(told.items[1]!.problems[0]!.message).toBe('Ese SKU ya está en otra línea del archivo.');
    const english = await get<Rows>(`/api/v1/imports/${id}/rows?problems=true`, {
      ...manager,
      'accept-language': 'en',
    });
    expect(english.items[1]!.problems[0]!.message).toBe('That SKU is in another line of the file.');
    // Nothing of the catalogue has changed.
    expect((await t.call({ method: 'GET', url: '/api/v1/products/scan/HAY2', headers: manager })).statusCode).toBe(404);
  });

  it('pages through its lines and lists files, newest first', async () => {
    const lines = Array.from({ length: 7 }, (_, at) => `P-${at};P;1`);
    const { id } = (await upload(['sku;nombre;precio', ...lines].join('\n'), { name: 'siete.csv' })).json<{
      id: string;
    }>();
    const first = await get<Rows>(`/api/v1/imports/${id}/rows?limit=5`);
    const rest = await get<Rows>(`/api/v1/imports/${id}/rows?limit=5&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(rest.nextCursor).toBeNull();
    const list = await get<{ items: { fileName: string }[] }>('/api/v1/imports');
    expect(list.items.map(({ fileName }) => fileName)).toEqual(['siete.csv', 'productos.csv']);
  });

  it('takes an Excel file, whatever it is called', async () => {
    const book = new Workbook();
    book.addWorksheet('Precios').addRows([
      ['Código interno', 'Producto', 'Precio de venta'],
      ['X-1', { formula: '"Po"&"lera"', result: 'Polera' }, 12990],
      ['X-2', { formula: 'NOW()' }, 1],
    ]);
    const answer = await upload(Buffer.from(await book.xlsx.writeBuffer()), { name: 'lista.csv' });
    const { id } = answer.json<{ id: string }>();
    expect(answer.json()).toMatchObject({ rowCount: 2, createCount: 1, badCount: 1 });
    expect((await get<Rows>(`/api/v1/imports/${id}/rows`)).items).toMatchObject([
      { action: 'create', data: { sku: 'X-1', name: 'Polera', price: 12990 } },
      { action: 'bad', problems: [{ field: 'name', code: 'no_value' }] },
    ]);
  });

  it('refuses what is no such file, and leaves nothing behind', async () => {
    const before = await get<{ items: object[] }>('/api/v1/imports');
    const cases: [Buffer | string, number, string][] = [
      ['sku;nombre\n', 422, 'no_rows'],
      ['nombre;precio\nA;1\n', 422, 'column_missing'],
      [Buffer.from('PK\u0003\u0004roto', 'latin1'), 422, 'file_unreadable'],
      ['sku\n'.padEnd(20_003 * 2 + 4, 'A\n'), 422, 'too_many_rows'],
      [Buffer.alloc(mostImportBytes + 1, 'a'), 413, 'payload_too_large'],
    ];
    for (const [file, status, code] of cases) {
      expect((await upload(file)).json()).toMatchObject({ status, code });
    }
    expect(await get<{ items: object[] }>('/api/v1/imports')).toEqual(before);
  });

  it('is made once, however often the file is sent with its key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await upload('sku;nombre;precio\nU;U;1\n', { headers });
    const again = await upload('sku;nombre;precio\nU;U;1\n', { headers });
    expect([again.headers['idempotency-replayed'], again.json()]).toEqual(['true', first.json()]);
    expect((await upload('sku;nombre;precio\nU;U;2\n', { headers })).json()).toMatchObject({
      code: 'idempotency_key_reused',
    });
  });
});

describe('applying', () => {
  it('is accepted once, as an operation that is about the file', async () => {
    const { id } = (await upload('sku;nombre;precio\nAP;Ap;1\n', { name: 'aplicar.csv' })).json<{ id: string }>();
    const answer = await post(`/api/v1/imports/${id}/apply`);
    expect(answer.statusCode).toBe(202);
    const { operationId } = answer.json<{ operationId: string }>();
    expect(await get(`/api/v1/operations/${operationId}`)).toMatchObject({
      kind: 'import_products',
      state: 'pending',
      subject: { id, label: 'aplicar.csv', count: 1 },
      choices: ['cancel'],
    });
    expect(await get(`/api/v1/imports/${id}`)).toMatchObject({ state: 'applying', operationId });
    expect((await post(`/api/v1/imports/${id}/apply`)).json()).toMatchObject({ status: 422, code: 'import_begun' });
    expect((await post(`/api/v1/imports/${id}/undo`)).json()).toMatchObject({ code: 'import_not_applied' });
    expect((await post(`/api/v1/operations/${operationId}/cancel`)).json()).toMatchObject({ state: 'cancelled' });
    expect(await get(`/api/v1/imports/${id}`)).toMatchObject({ state: 'cancelled' });
  });

  it('is not for a file that changes nothing', async () => {
    const { id } = (await upload('sku;precio\nHAY;1000\nMAL;caro\n')).json<{ id: string }>();
    expect((await post(`/api/v1/imports/${id}/apply`)).json()).toMatchObject({
      status: 422,
      code: 'nothing_to_import',
    });
  });
});
