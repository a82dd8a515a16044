import { type Core, startCore } from '../test/support/core';
import { listDestinations, saveLocations, type SeenLocation } from './locations';

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());

const destinations = async () =>
  (await core.tx((tx) => listDestinations(tx, core.connectionId, { limit: 50 }))).map(({ barcode }) => barcode);
const seen = (id: number, barcode: string): SeenLocation => ({
  id,
  name: barcode,
  shortName: barcode,
  barcode,
  usage: 'internal',
  active: true,
});

describe('a catalogue that was read', () => {
  it.each<[string, SeenLocation[]]>([
    ['is empty', []],
    ['has only places of no company', [{ ...seen(4, 'Clientes'), usage: 'customer' }]],
  ])('is a failed read when it %s all of a sudden, and takes no chamber away', async (_, all) => {
    const before = await destinations();
    expect(before.length).toBeGreaterThan(0);
    await expect(core.tx((tx) => saveLocations(tx, core.connectionId, all))).rejects.toMatchObject({
      code: 'odoo_forbidden',
    });
    expect(await destinations()).toEqual(before);
  });

  it('may be empty where there never was a chamber', async () => {
    await core.database.query('UPDATE location SET active = false WHERE connection_id = $1', [core.connectionId]);
    await core.tx((tx) => saveLocations(tx, core.connectionId, []));
    expect(await destinations()).toEqual([]);
  });

  it('takes the place of the one before', async () => {
    await core.tx((tx) => saveLocations(tx, core.connectionId, [seen(1, 'A'), seen(2, 'B')]));
    await core.tx((tx) => saveLocations(tx, core.connectionId, [seen(2, 'B'), seen(3, 'C')]));
    expect(await destinations()).toEqual(['B', 'C']);
  });
});
