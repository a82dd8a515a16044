import { stockPackageLevelFields } from '../fields/stock-package-level';
import type { ModelSpec } from '../orm/model';
import { cancelMoves } from '../stock/moves';
import { levelIsDone, levelLocation, levelMoves, levelState, setLevelDone } from '../stock/levels';
import { refreshPickingState } from '../stock/states';

export const packageLevel: ModelSpec = {
  name: 'stock.package_level',
  description: 'Stock Package Level',
  fields: stockPackageLevelFields,
  notNull: ['package_id', 'company_id'],
  children: { move_ids: ['stock.move', 'package_level_id'], move_line_ids: ['stock.move.line', 'package_level_id'] },
  computed: {
    state: (env, row) => levelState(env, row),
    location_id: (env, row) => levelLocation(env, row),
    is_done: (env, row) => levelIsDone(env, row),
    picking_type_code: (env, row) =>
      env.get('stock.picking.type', env.get('stock.picking', row['picking_id'])?.['picking_type_id'])?.['code'] ?? null,
  },
  settable: ['is_done'],
  displayName: (_env, row) => `stock.package_level,${row.id}`,
  beforeCreate: (env, values) => {
    const picking = env.get('stock.picking', values['picking_id'] as number);
    return { location_dest_id: picking?.['location_dest_id'] ?? false, ...values } as typeof values;
  },
  beforeWrite: (env, rows, values) => {
    const { is_done: isDone, ...rest } = values;
    if (isDone !== undefined) for (const row of rows) setLevelDone(env, row, Boolean(isDone));
    return rest;
  },
  afterWrite: (env, rows) => {
    for (const row of rows) if (typeof row['picking_id'] === 'number') refreshPickingState(env, row['picking_id']);
  },
  beforeUnlink: (env, rows) => {
    for (const row of rows) {
      const moves = levelMoves(env, row);
      cancelMoves(env, moves);
      for (const move of moves) env.remove('stock.move', move.id);
    }
  },
};
