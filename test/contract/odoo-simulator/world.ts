import type { OdooSimulator } from '../../../simulators/odoo/server';
import { internalType } from '../../../simulators/odoo/seed/foundation';
import type { OdooVersion } from '../../../simulators/odoo/versions';
import type { RpcStruct } from '../../../simulators/odoo/wire/values';
import { IdMap } from './ids';
import { plain, readMessage, typed, type Typed, writeCall } from './typed-xml';

const ADMIN = [2, 'admin'] as const;
const BODEGA = [6, 'bodega-clave'] as const;

/** A simulator in the recorded start state, the ids learnt so far, and what bridges do with both. */
export class World {
  readonly ids = new IdMap();
  /** The parameters of the recording that comes next. */
  upcoming: Typed[] = [];

  constructor(
    readonly simulator: OdooSimulator,
    readonly version: OdooVersion,
  ) {}

  get db(): string {
    return `odoo${this.version}`;
  }

  bind(model: string, recorded: number, simulated: number): void {
    if (!this.ids.bind(model, recorded, simulated)) throw new Error(`${model} ${recorded} cannot be ${simulated}`);
  }

  control(body: RpcStruct): void {
    this.simulator.control({ db: this.db, ...body });
  }

  admin(model: string, method: string, args: unknown[]): Promise<unknown> {
    return this.call(ADMIN, model, method, args);
  }

  /** The id that the upcoming recording's first argument names. */
  firstRecordedId(): number {
    const [ids] = plain(this.upcoming[5] as Typed) as [number[]];
    return ids[0] as number;
  }

  /** Makes the transfer that the recorded server knew under an id: one package level per pallet. */
  async transfer(
    recorded: number,
    packs: readonly number[],
    from: number,
    to: number,
    options: { confirm: boolean; origin?: string } = { confirm: true },
  ): Promise<void> {
    const id = Number(
      await this.stock('stock.picking', 'create', [
        {
          picking_type_id: internalType(this.version),
          location_id: from,
          location_dest_id: to,
          origin: options.origin ?? `BRIDGE-${recorded}`,
          package_level_ids: packs.map((pack) => [0, 0, { package_id: pack, location_dest_id: to, company_id: 1 }]),
        },
      ]),
    );
    this.bind('stock.picking', recorded, id);
    if (options.confirm) await this.stock('stock.picking', 'action_confirm', [[id]]);
  }

  async onPicking(method: string, recorded: number): Promise<unknown> {
    return this.stock('stock.picking', method, [[this.ids.toSimulated('stock.picking', recorded)]]);
  }

  /** What 16 needs before a validation: every level marked as done. The others need nothing. */
  async markDone(recorded: number): Promise<void> {
    if (this.version === 16)
      await this.stock('stock.package_level', 'write', [await this.levels(recorded), { is_done: true }]);
  }

  async firstLevelDone(recorded: number): Promise<void> {
    const [first] = await this.levels(recorded);
    await this.stock('stock.package_level', 'write', [[first], { is_done: true }]);
  }

  async bindLevels(recorded: number, levels: readonly number[]): Promise<void> {
    const simulated = await this.levels(recorded);
    levels.forEach((level, index) => this.bind('stock.package_level', level, simulated[index] as number));
  }

  /** Marks the first level as done, validates, and makes the wizard that asks about the rest. */
  async halfDone(recorded: number, wizard: number): Promise<void> {
    await this.firstLevelDone(recorded);
    const action = (await this.onPicking('button_validate', recorded)) as { res_model: string; context: object };
    const id = await this.stock(action.res_model, 'create', [{}], { context: action.context });
    this.bind('stock.backorder.confirmation', wizard, Number(id));
  }

  /** Binds the upcoming recording's move line: the picking's line that holds this quantity. */
  async bindLine(recorded: number, quantity: number): Promise<void> {
    const field = this.version === 16 ? 'reserved_uom_qty' : 'quantity';
    const domain = [
      ['picking_id', '=', this.ids.toSimulated('stock.picking', recorded)],
      [field, '=', quantity],
    ];
    const [line] = (await this.stock('stock.move.line', 'search', [domain])) as number[];
    this.bind('stock.move.line', this.firstRecordedId(), line as number);
  }

  /** Posts a body to the simulator and returns what came back. */
  async post(path: string, body: string): Promise<{ status: number; contentType: string | null; body: string }> {
    const response = await fetch(this.simulator.url + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml' },
    });
    return { status: response.status, contentType: response.headers.get('content-type'), body: await response.text() };
  }

  private async levels(recorded: number): Promise<number[]> {
    const domain = [['picking_id', '=', this.ids.toSimulated('stock.picking', recorded)]];
    return (await this.stock('stock.package_level', 'search', [domain])) as number[];
  }

  private stock(model: string, method: string, args: unknown[], kw: object = {}): Promise<unknown> {
    return this.call(BODEGA, model, method, args, kw);
  }

  private async call(
    [uid, password]: readonly [number, string],
    model: string,
    method: string,
    args: unknown[],
    kw: object = {},
  ): Promise<unknown> {
    const params = [this.db, uid, password, model, method, args, kw].map(typed);
    const message = readMessage((await this.post('/xmlrpc/2/object', writeCall('execute_kw', params))).body);
    if (message.fault) throw new Error(`${model}.${method}: ${message.fault.text}`);
    return plain(message.params[0] as Typed);
  }
}
