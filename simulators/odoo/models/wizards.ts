import type { Row } from '../db/table';
import type { Env } from '../orm/env';
import type { Method, ModelSpec } from '../orm/model';
import { existing } from '../orm/write';
import { carriedOut, isOpen, reservedOf } from '../stock/lines';
import { assignPickings } from '../stock/pickings';
import { buttonValidate } from '../stock/validate';
import type { RpcStruct, RpcValue } from '../wire/values';

const FIELDS = `
pick_ids|many2many||stock.picking|Transfers|
show_transfers|boolean|||Show Transfers|
`;

/** Takes the pickings out of the action's context, as the form does. */
function fromContext(env: Env, values: RpcStruct): RpcStruct {
  return { pick_ids: env.context['default_pick_ids'] ?? [], ...values };
}

/** Runs with the pickings that `button_validate` was called on; the wizard's own are those that it asks about. */
function processing(run: (env: Env, own: Row[], all: Row[]) => RpcValue, model: string): Method {
  return {
    on: 'record',
    params: [],
    changes: true,
    run: (env, ids) => {
      const wizards = existing(env, env.model(model), ids);
      const picking = env.model('stock.picking');
      const own = existing(
        env,
        picking,
        wizards.flatMap((one) => one['pick_ids'] as number[]),
      );
      const called = env.context['button_validate_picking_ids'];
      if (!Array.isArray(called)) return true;
      return run(env, own, existing(env, picking, called as number[]));
    },
  };
}

export const backorderConfirmation: ModelSpec = {
  name: 'stock.backorder.confirmation',
  description: 'Backorder Confirmation',
  fields: FIELDS,
  beforeCreate: fromContext,
  methods: {
    process: processing(
      (env, _own, all) => buttonValidate(env.withContext({ skip_backorder: true }), all),
      'stock.backorder.confirmation',
    ),
    process_cancel_backorder: processing(
      (env, own, all) =>
        buttonValidate(
          env.withContext({ skip_backorder: true, picking_ids_not_to_backorder: own.map((row) => row.id) }),
          all,
        ),
      'stock.backorder.confirmation',
    ),
  },
};

export const immediateTransfer: ModelSpec = {
  name: 'stock.immediate.transfer',
  description: 'Immediate Transfer',
  versions: [16],
  fields: FIELDS,
  beforeCreate: fromContext,
  methods: {
    process: processing((env, own, all) => {
      for (const row of own) {
        if (env.must('stock.picking', row.id)['state'] !== 'assigned') assignPickings(env, [row]);
        for (const line of env.where('stock.move.line', 'picking_id', row.id)) {
          if (isOpen(env.get('stock.move', line['move_id']))) {
            env.patch('stock.move.line', line.id, carriedOut(env, reservedOf(env, line)));
          }
        }
      }
      return buttonValidate(env.withContext({ skip_immediate: true }), all);
    }, 'stock.immediate.transfer'),
  },
};
