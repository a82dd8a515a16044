import { v7 as uuidv7 } from 'uuid';
import { startCore, type Core } from '../test/support/core';
import { createShop } from '../test/support/shop';
import { acceptOperation } from './operations';
import { findOperations, readOperationDetail } from './operation-views';

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());

const search = async (q: string): Promise<string[]> => {
  const found = await core.tx((tx) => findOperations(tx, { q, sites: null, limit: 10 }));
  return found.map(({ id }) => id);
};

it('finds by the beginning of a code in capitals or not, by chamber and by number, newest first', async () => {
  const first = await core.accept(['PACK0000001', 'PACK0000002'], { destination: 'CAM-01' });
  const second = await core.accept(['PACK0000011'], { destination: 'CAM-02' });
  const third = await core.accept(['suelto-9'], { destination: 'CAM-01' });
  expect(await search('PACK000000')).toEqual([first]);
  expect(await search('pack00000')).toEqual([second, first]);
  expect(await search('suelto')).toEqual([third]);
  expect(await search('CAM-01')).toEqual([third, first]);
  expect(await search('cam-02')).toEqual([second]);
  const { number } = await core.read(second);
  expect(await search(`NV-${number}`)).toEqual([second]);
  expect(await search(String(number))).toEqual([second]);
  expect(await search('PACK0000003')).toEqual([]);
});

it('shows some codes of a move, or as many as asked for', async () => {
  const codes = ['P-1', 'P-2', 'P-3', 'P-4', 'P-5'];
  const id = await core.accept(codes);
  const shown = (mostCodes?: number) =>
    core.tx((tx) => findOperations(tx, { q: 'P-1', sites: null, limit: 1, ...(mostCodes && { mostCodes }) }));
  expect(await shown()).toMatchObject([{ id, pallets: { count: 5, codes: codes.slice(0, 3) } }]);
  expect(await shown(500)).toMatchObject([{ id, pallets: { count: 5, codes } }]);
});

it('both searches have an index that fits, whatever the collation', async () => {
  const plans = await core.database.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE indexname IN ('pallet_move_line_code_prefix_idx', 'pallet_move_destination_idx')`,
  );
  expect(plans).toHaveLength(2);
});

describe('what moves no pallets', () => {
  it('a sale says its till, number and total, and is found by the number', async () => {
    const shop = await createShop(core.database, core.business, { name: 'Caja 7' });
    const [, , sale] = await shop.sell(3);
    const found = await core.tx((tx) => findOperations(tx, { q: 'N° 3', sites: null, limit: 10 }));
    expect(found).toMatchObject([
      {
        id: sale!.operationId,
        kind: 'sale',
        pallets: { count: 0, codes: [] },
        subject: {
          id: sale!.saleId,
          label: 'Caja 7 · N° 3',
          document: { register: 'Caja 7', number: 3 },
          count: 1,
          total: { amount: 1990, currency: 'CLP' },
        },
      },
    ]);
    expect(await search('3')).toContain(sale!.operationId);
    const detail = await core.tx((tx) => readOperationDetail(tx, sale!.operationId));
    expect(detail).toMatchObject({ subject: { label: 'Caja 7 · N° 3' }, timeline: [{ code: 'accepted' }] });
  });

  it('an import says its file, and so does its undo', async () => {
    const { tenantId, users } = core.business;
    const [imported, undone] = await Promise.all(
      (['import_products', 'undo_import'] as const).map((kind) =>
        core.tx((tx) =>
          acceptOperation(tx, { id: uuidv7(), kind, siteId: null, connectionId: null, createdBy: null, lanes: [] }),
        ),
      ),
    );
    const importId = uuidv7();
    await core.database.query(
      `INSERT INTO product_import (tenant_id, id, operation_id, undone_by, file_name, file_key, row_count, bad_count, created_by)
       VALUES ($1, $2, $3, $4, 'otoño.xlsx', 'k', 40, 0, $5)`,
      [tenantId, importId, imported!.id, undone!.id, users.manager.id],
    );
    for (const { id } of [imported!, undone!]) {
      expect(await core.tx((tx) => readOperationDetail(tx, id))).toMatchObject({
        subject: { id: importId, label: 'otoño.xlsx', document: null, count: 40, total: null },
      });
    }
  });

  it('a price synchronisation says from where to where', async () => {
    const { tenantId, sites } = core.business;
    const operation = await core.tx((tx) =>
      acceptOperation(tx, {
        id: uuidv7(),
        kind: 'sync_prices',
        siteId: null,
        connectionId: null,
        createdBy: null,
        lanes: [],
      }),
    );
    await core.database.query(
      `INSERT INTO price_sync (tenant_id, operation_id, from_site_id, to_site_ids, price_count) VALUES ($1, $2, NULL, $3, 12)`,
      [tenantId, operation.id, [sites[0].id, sites[1].id]],
    );
    expect(await core.tx((tx) => readOperationDetail(tx, operation.id))).toMatchObject({
      subject: { id: operation.id, label: 'demo → Bodega 1, Tienda 1', document: null, count: 12, total: null },
    });
  });
});
