import { MockActivityEnvironment } from '@temporalio/testing';
import { readConnection, updateConnectionSettings } from '../../store/connections';
import { startCore, type Core } from '../../test/support/core';
import type { OdooClients } from '../odoo-clients';
import { createCatalogueActivities } from './catalogue';

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());

const place = (id: number) => ({
  id,
  name: `WH/Stock/${id}`,
  shortName: String(id),
  barcode: `B-${id}`,
  usage: 'internal',
  active: true,
  parentId: null,
});

/** An Odoo whose answer to `call` comes after the connection was pointed elsewhere. */
function readWhileReplaced(call: 'listLocations' | 'listPackages') {
  const tenantId = core.business.tenantId;
  const replace = () =>
    core.tx((tx) =>
      updateConnectionSettings(tx, core.connectionId, {
        settings: { url: `http://other/${call}`, database: 'x', login: 'x' },
        secret: null,
        sameSystem: false,
      }),
    );
  const odoo = {
    listLocations: async () => {
      if (call === 'listLocations') await replace();
      return [place(7)];
    },
    listPackages: async () => {
      await replace();
      return [{ id: 1, name: 'PACK1', locationId: 7, quants: [] }];
    },
  };
  const clients = {
    of: async () => ({ odoo, connection: (await core.tx((tx) => readConnection(tx, core.connectionId)))! }),
  } as unknown as OdooClients;
  const { readCatalogue } = createCatalogueActivities({ db: core.db, odoo: clients });
  return new MockActivityEnvironment().run(readCatalogue, { tenantId, connectionId: core.connectionId });
}

it.each(['listLocations', 'listPackages'] as const)(
  'what %s of the old Odoo answers after the connection goes to another one is not written',
  async (call) => {
    await expect(readWhileReplaced(call)).rejects.toMatchObject({ code: 'version_conflict' });
    const left = await core.database.query(
      `SELECT (SELECT count(*)::int FROM location WHERE tenant_id = $1 AND active) AS places,
         (SELECT count(*)::int FROM pallet WHERE tenant_id = $1) AS pallets,
         (SELECT catalogue_synced_at FROM connection WHERE id = $2) AS synced`,
      [core.business.tenantId, core.connectionId],
    );
    expect(left).toEqual([{ places: 0, pallets: 0, synced: null }]);
  },
);
