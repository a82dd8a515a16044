import type { World } from './world';

/**
 * What was done on the recorded servers between two recordings without being recorded, by the name of the recording that
 * follows. The ids of what it made are known from the recordings.
 */
export const BRIDGES: Record<string, (world: World) => Promise<void>> = {
  'move2-04-validate': (world) => world.markDone(3),
  'move3-01-validate-without-qty-done': (world) => world.transfer(4, [4], 20, 22),
  'move3b-01-validate-from-draft': (world) => world.transfer(5, [7], 18, 17, { confirm: false }),
  'move4-01-one-level-done': async (world) => {
    await world.transfer(6, [8, 9], 8, 22, { confirm: true, origin: 'OP-2025-000004' });
    await world.bindLevels(6, [6, 7]);
  },
  'move4a-01-user-without-email': async (world) => {
    await world.transfer(8, [9, 10], 8, 22);
    await world.halfDone(8, 2);
  },
  'move4-08-validate-skip-backorder': async (world) => {
    await world.onPicking('action_cancel', 8);
    await world.transfer(10, [9, 8], 8, 21);
    await world.firstLevelDone(10);
  },
  'move4-10-process-cancel-backorder': async (world) => {
    await world.transfer(11, [10, 11], 8, 22);
    await world.halfDone(11, 3);
  },
  'move5-01-half-quantity': async (world) => {
    await world.transfer(12, [12], 18, 22);
    await world.bindLine(12, 202.4);
  },
  'move6-01-recipe-b-create': async (world) => {
    await world.onPicking('action_cancel', 12);
  },
  'move7-03-relocate-run-admin': async (world) => {
    const values = { quant_ids: [[6, 0, [22]]], dest_location_id: 18, message: 'OP-2025-000007' };
    world.bind('stock.quant.relocate', 1, Number(await world.admin('stock.quant.relocate', 'create', [values])));
  },
  'stale-01-second-confirm': async (world) => {
    await world.transfer(15, [15], 21, 17);
    await world.transfer(16, [15], 21, 18, { confirm: false });
  },
  'stale-05-assign-after-moved': async (world) => {
    await world.markDone(15);
    await world.onPicking('button_validate', 15);
  },
  'stale-17-wrong-source-validate': (world) => world.markDone(17),
  'cancel-01-action-cancel': (world) => world.transfer(19, [18], 19, 20),
  'empty-01-validate': (world) => world.transfer(20, [], 8, 22, { confirm: false }),
  'same-02-validate-same-location': async (world) => {
    await world.onPicking('action_confirm', 21);
    await world.markDone(21);
  },
  'subloc-01-validate': async (world) => {
    await world.transfer(22, [20], 21, 23);
    await world.markDone(22);
  },
  'fault-type-limit-string': async (world) => {
    await world.admin('stock.location', 'write', [[17], { location_id: 8 }]);
  },
  'fault-validate-two-one-empty': async (world) => {
    await world.transfer(31, [2], 18, 17);
    await world.transfer(32, [], 8, 17, { confirm: false });
  },
  'conc-same-picking-2': async (world) => {
    await world.transfer(33, [19], 20, 22);
    await world.markDone(33);
    // Two calls are only under way at the same moment when each takes its time.
    world.control({ delays: 'recorded' });
  },
  'fault-lang-context-es': async (world) => {
    world.control({ delays: 'off', language: 'es_CL' });
    await world.transfer(63, [], 8, 17, { confirm: false });
  },
  'fault-lang-user-es': async (world) => {
    await world.admin('res.users', 'write', [[6], { lang: 'es_CL' }]);
  },
  'apikey-authenticate': async (world) => {
    await world.admin('res.users', 'write', [[6], { lang: 'en_US' }]);
  },
  'ghost-01-quants': async (world) => {
    world.control({ move: { package: 'PACK0001257', to: 'CAM-02' } });
    for (const product of [3, 1]) {
      await world.admin('stock.quant', 'create', [
        { product_id: product, location_id: 18, package_id: 24, quantity: 0 },
      ]);
    }
    world.control({ ghost: 'PACK0001257' });
  },
  'ghost-02-next-move-state': (world) => world.transfer(92, [24], 18, 17),
  'ghost-06-repair-as-stock-user': async (world) => world.control({ ghost: 'PACK0001261' }),
  'fault-serialization-exhausted': async (world) => {
    await world.transfer(world.firstRecordedId(), [], 8, 17, { confirm: false });
    world.control({ serialization: 1 });
  },
};
