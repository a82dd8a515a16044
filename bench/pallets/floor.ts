import { randomUUID } from 'node:crypto';
import { createOdooStock, type OdooStock } from '../../connectors/odoo/stock';
import { now } from '../lib/open-loop';
import type { PalletMove, Warehouse } from '../lib/warehouse';

/**
 * The least that could do the job: the calls of one good move, in the same order and with the same connector as the
 * activities make them, one after another by hand. No Temporal, no PostgreSQL, no waiting for anybody.
 */
export class Floor {
  private places = new Map<string, number>();

  private constructor(private readonly odoo: OdooStock) {}

  static async open(odooUrl: string): Promise<Floor> {
    const floor = new Floor(
      createOdooStock({ url: odooUrl, database: 'demo', login: 'nervio@demo.test', secret: 'nervio-demo-key' }),
    );
    const locations = await floor.odoo.listLocations();
    floor.places = new Map(locations.flatMap(({ barcode, id }) => (barcode ? [[barcode, id]] : [])));
    await floor.odoo.version();
    await floor.odoo.internalPickingType();
    return floor;
  }

  /** Moves one pallet. Returns how long it took, ms. */
  async move({ code, destination }: PalletMove): Promise<number> {
    const { odoo } = this;
    const to = this.places.get(destination)!;
    const began = now();
    const [found] = await odoo.findPackages([code], undefined, 'contents');
    if (!found) throw new Error(`Odoo has no ${code}`);
    const id = await odoo.createPicking({
      name: `FLOOR-${randomUUID()}`,
      origin: 'floor',
      sourceLocationId: found.locationId ?? to,
      destinationLocationId: to,
      packages: [{ packageId: found.id, locationId: to }],
    });
    await odoo.confirm(id);
    if ((await odoo.readPicking(id))?.state !== 'assigned') {
      await odoo.assign(id);
      await odoo.readPicking(id);
    }
    await odoo.markLevelsDone(id);
    await odoo.validate(id);
    const done = await odoo.readPicking(id);
    await odoo.findPackages([code], undefined, 'place');
    const ms = now() - began;
    if (done?.state !== 'done') throw new Error(`the floor's transfer of ${code} is ${done?.state}`);
    return ms;
  }

  /** `count` moves, `limit` at once, as fast as they go. Returns the wall time, ms. */
  async drain(warehouse: Warehouse, count: number, limit: number): Promise<number> {
    const moves = Array.from({ length: count }, () => warehouse.take());
    const began = now();
    const one = async (): Promise<void> => {
      for (let move = moves.shift(); move; move = moves.shift()) await this.move(move);
    };
    await Promise.all(Array.from({ length: limit }, one));
    return now() - began;
  }

  close(): void {
    this.odoo.close();
  }
}
