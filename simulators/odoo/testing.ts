import type { OdooSimulator } from './server';
import { isStruct, type RpcStruct, type RpcValue } from './wire/values';

/** A user of one database, calling over /jsonrpc: for the simulator's own tests. */
export class Caller {
  constructor(
    readonly simulator: Pick<OdooSimulator, 'url'>,
    readonly db = 'demo',
    private readonly uid = 6,
    private readonly secret = 'nervio-demo-key',
  ) {}

  /** @throws Error with the fault's text, or fetch's TypeError when the connection breaks */
  async call(model: string, method: string, args: RpcValue[], kw: RpcStruct = {}): Promise<RpcValue> {
    const response = await this.post([this.db, this.uid, this.secret, model, method, args, kw]);
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
    const answer = (await response.json()) as RpcStruct;
    const error = answer['error'];
    if (isStruct(error) && isStruct(error['data'])) throw new Error(String(error['data']['message']));
    return answer['result'] ?? null;
  }

  post(args: RpcValue[]): Promise<Response> {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      method: 'call',
      id: 1,
      params: { service: 'object', method: 'execute_kw', args },
    });
    return fetch(`${this.simulator.url}/jsonrpc`, { method: 'POST', body });
  }

  /** Where a pallet is, by barcode; false when it is nowhere. */
  async whereIs(code: string): Promise<RpcValue> {
    const [pack] = (await this.call('stock.quant.package', 'search_read', [[['name', '=', code]]], {
      fields: ['location_id'],
    })) as RpcStruct[];
    const place = pack?.['location_id'];
    if (!Array.isArray(place)) return false;
    const [location] = (await this.call('stock.location', 'read', [[place[0] as number], ['barcode']])) as RpcStruct[];
    return location?.['barcode'] ?? false;
  }

  /** Makes a transfer of one pallet, named as told, and returns its id. */
  async transfer(name: string, code: string, to: string): Promise<number> {
    const [type] = (await this.call('stock.picking.type', 'search', [[['code', '=', 'internal']]])) as number[];
    const [pack] = (await this.call('stock.quant.package', 'search', [[['name', '=', code]]])) as number[];
    const [place] = (await this.call('stock.location', 'search', [[['barcode', '=', to]]])) as number[];
    const level = { package_id: pack ?? 0, location_dest_id: place ?? 0, company_id: 1 };
    const values = {
      name,
      origin: name,
      picking_type_id: type ?? 0,
      location_id: 8,
      location_dest_id: place ?? 0,
      package_level_ids: [[0, 0, level]],
    };
    return (await this.call('stock.picking', 'create', [values])) as number;
  }

  async stateOf(picking: number): Promise<RpcValue> {
    const [row] = (await this.call('stock.picking', 'read', [[picking], ['state']])) as RpcStruct[];
    return row?.['state'] ?? null;
  }
}
