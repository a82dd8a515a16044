import type { Row } from '../db/table';
import { validationError } from '../faults';
import { stockPickingFields } from '../fields/stock-picking';
import { checkAccess } from '../orm/access';
import type { Env } from '../orm/env';
import type { Method, ModelSpec } from '../orm/model';
import { existing } from '../orm/write';
import { isOpen } from '../stock/lines';
import { cancelMoves } from '../stock/moves';
import { nextPickingName } from '../stock/names';
import { assignPickings, cancelPickings, confirmPickings, unreservePickings } from '../stock/pickings';
import { refreshPickingState } from '../stock/states';
import { buttonValidate } from '../stock/validate';
import { translate } from '../texts';
import type { RpcStruct, RpcValue } from '../wire/values';

const PICKING = 'stock.picking';

export const picking: ModelSpec = {
  name: PICKING,
  description: 'Transfer',
  fields: stockPickingFields,
  order: 'priority desc, scheduled_date asc, id desc',
  selections: {
    state: ['draft', 'waiting', 'confirmed', 'assigned', 'done', 'cancel'],
    move_type: ['direct', 'one'],
    priority: ['0', '1'],
  },
  notNull: ['picking_type_id', 'location_id', 'location_dest_id'],
  children: {
    move_ids: ['stock.move', 'picking_id'],
    move_ids_without_package: ['stock.move', 'picking_id'],
    move_line_ids: ['stock.move.line', 'picking_id'],
    move_line_ids_without_package: ['stock.move.line', 'picking_id'],
    package_level_ids: ['stock.package_level', 'picking_id'],
    package_level_ids_details: ['stock.package_level', 'picking_id'],
    backorder_ids: [PICKING, 'backorder_id'],
  },
  computed: {
    picking_type_code: (env, row) => env.get('stock.picking.type', row['picking_type_id'])?.['code'] ?? null,
    has_packages: (env, row) => env.where('stock.package_level', 'picking_id', row.id).length > 0,
  },
  defaults: (env) => ({
    state: 'draft',
    move_type: 'direct',
    priority: '0',
    company_id: 1,
    user_id: env.uid,
    scheduled_date: env.now,
    date: env.now,
    origin: null,
    backorder_id: null,
  }),
  beforeCreate: (env, values) => nameOnCreate(env, values),
  afterCreate: (env, row) => refreshPickingState(env, row.id),
  beforeWrite: (env, rows, values) => {
    if (typeof values['name'] === 'string') for (const row of rows) refuseTakenName(env, values['name'], row.id);
    return values;
  },
  afterWrite: (env, rows, values) => {
    if ('location_dest_id' in values) redirect(env, rows);
  },
  beforeUnlink: (env, rows) => {
    const moves = rows.flatMap((row) => env.where('stock.move', 'picking_id', row.id));
    cancelMoves(env, moves);
    for (const move of moves) env.remove('stock.move', move.id);
    for (const row of rows)
      for (const level of env.where('stock.package_level', 'picking_id', row.id))
        env.remove('stock.package_level', level.id);
  },
  methods: {
    action_confirm: onPickings((env, rows) => (confirmPickings(env, rows), true)),
    action_assign: onPickings((env, rows) => (assignPickings(env, rows), true)),
    action_cancel: onPickings((env, rows) => (cancelPickings(env, rows), true)),
    do_unreserve: onPickings((env, rows) => (unreservePickings(env, rows), true)),
    button_validate: onPickings(buttonValidate),
  },
};

function onPickings(run: (env: Env, rows: Row[]) => RpcValue): Method {
  return {
    on: 'record',
    params: [],
    changes: true,
    run: (env, ids) => {
      const model = env.model(PICKING);
      checkAccess(env, model, 'read');
      checkAccess(env, model, 'write');
      return run(env, existing(env, model, ids));
    },
  };
}

function nameOnCreate(env: Env, values: RpcStruct): RpcStruct {
  const type = values['picking_type_id'];
  if (typeof type !== 'number') return values;
  const [typeRow] = existing(env, env.model('stock.picking.type'), [type]);
  const given = values['name'];
  const name = typeof given === 'string' && given && given !== '/' ? given : nextPickingName(env, type);
  refuseTakenName(env, name, null);
  return {
    location_id: typeRow?.['default_location_src_id'] ?? null,
    location_dest_id: typeRow?.['default_location_dest_id'] ?? null,
    ...values,
    name,
  } as RpcStruct;
}

/** unique(name, company_id): the one thing that makes a client's own key safe. */
function refuseTakenName(env: Env, name: string, own: number | null): void {
  if (env.where(PICKING, 'name', name).some((row) => row.id !== own)) {
    throw validationError(translate(env, 'duplicateName'));
  }
}

/** A new destination on the header goes down to moves that are still open. */
function redirect(env: Env, rows: Row[]): void {
  for (const row of rows) {
    for (const move of env.where('stock.move', 'picking_id', row.id)) {
      if (isOpen(move)) env.patch('stock.move', move.id, { location_dest_id: row['location_dest_id'] ?? null });
    }
  }
}
