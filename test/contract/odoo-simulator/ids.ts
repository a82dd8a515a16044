import type { Typed } from './typed-xml';

/** Fields by the model whose ids they hold, in requests and answers alike. */
const RELATION: Record<string, string> = {
  picking_id: 'stock.picking',
  backorder_id: 'stock.picking',
  button_validate_picking_ids: 'stock.picking',
  picking_ids_not_to_backorder: 'stock.picking',
  default_pick_ids: 'stock.picking',
  move_ids: 'stock.move',
  move_id: 'stock.move',
  move_line_ids: 'stock.move.line',
  package_level_ids: 'stock.package_level',
  package_level_id: 'stock.package_level',
  quant_ids: 'stock.quant',
  package_id: 'stock.quant.package',
  result_package_id: 'stock.quant.package',
};

/** The model that the ids under a struct's member belong to. */
export function relationOf(field: string, model: string): string | undefined {
  return field === 'id' ? model : RELATION[field];
}

/** Which id of the simulator stands for which recorded one, learnt as they appear; one to one. */
export class IdMap {
  private readonly forth = new Map<string, number>();
  private readonly back = new Map<string, number>();

  /** True when the pair agrees with everything learnt so far; learns it when it is new. */
  bind(model: string, recorded: number, simulated: number): boolean {
    const known = this.forth.get(`${model},${recorded}`);
    const owner = this.back.get(`${model},${simulated}`);
    if (known !== undefined || owner !== undefined) return known === simulated && owner === recorded;
    this.forth.set(`${model},${recorded}`, simulated);
    this.back.set(`${model},${simulated}`, recorded);
    return true;
  }

  /** The simulator's id; one that has not appeared yet is the same in the start state. */
  toSimulated(model: string, recorded: number): number {
    return this.forth.get(`${model},${recorded}`) ?? recorded;
  }

  /** Rewrites the recorded ids in the arguments of an `execute_kw`. */
  translateCall(params: readonly Typed[]): Typed[] {
    const [, , , model, method] = params.map((param) => ('text' in param ? param.text : ''));
    if (!model || !method) return [...params];
    return params.map((param, index) =>
      index === 5 ? this.args(param, model, method) : index > 5 ? this.deep(param, model) : param,
    );
  }

  private args(args: Typed, model: string, method: string): Typed {
    if (!('items' in args)) return args;
    const modelLevel =
      /^(create|search|search_read|search_count|read_group|name_search|fields_get|check_access_rights)$/.test(method);
    return {
      type: 'array',
      items: args.items.map((item, index) =>
        index === 0 && !modelLevel ? this.ids(item, model) : this.deep(item, model),
      ),
    };
  }

  /** Ids inside an array (also of commands such as [4, id] and [6, 0, ids]) or alone. */
  private ids(value: Typed, model: string): Typed {
    if ('items' in value) {
      const items = value.items;
      const command =
        items.length >= 2 && items.every((one, index) => index === 2 || ('text' in one && one.type === 'int'));
      const code = command && 'text' in (items[0] as Typed) ? (items[0] as { text: string }).text : '';
      if (items.length === 2 && code === '4')
        return { type: 'array', items: [items[0] as Typed, this.ids(items[1] as Typed, model)] };
      if (items.length === 3 && code === '6')
        return { type: 'array', items: [items[0] as Typed, items[1] as Typed, this.ids(items[2] as Typed, model)] };
      if (items.length === 3 && code === '0')
        return { type: 'array', items: items.map((one) => this.deep(one, model)) };
      return { type: 'array', items: items.map((one) => this.ids(one, model)) };
    }
    if ('text' in value && value.type === 'int') {
      return { type: 'int', text: String(this.toSimulated(model, Number(value.text))) };
    }
    return this.deep(value, model);
  }

  /** Looks for members and domain leaves that hold ids. */
  private deep(value: Typed, model: string): Typed {
    if ('members' in value) {
      return {
        type: 'struct',
        members: new Map(
          [...value.members].map(([name, item]) => {
            const relation = relationOf(name, model);
            return [name, relation ? this.ids(item, relation) : this.deep(item, model)];
          }),
        ),
      };
    }
    if (!('items' in value)) return value;
    const [field, operator, operand] = value.items;
    if (value.items.length === 3 && field && 'text' in field && operator && 'text' in operator && operand) {
      const relation = relationOf(field.text, model);
      if (relation) return { type: 'array', items: [field, operator, this.ids(operand, relation)] };
    }
    return { type: 'array', items: value.items.map((item) => this.deep(item, model)) };
  }
}
