import type { Client } from 'pg';

const chambers = ['CAM-01', 'CAM-02', 'CAM-03', 'CAM-04', 'CAM-05', 'CAM-06'] as const;
const firstPallet = 1234;
const pallets = 360;

export interface PalletMove {
  code: string;
  destination: string;
  /** Place of our catalogue where the pallet is before this move. */
  from: string;
}

/** The demo's pallets and where they are, moves accepted but not yet done included. */
export class Warehouse {
  private next = 0;
  private readonly codes = Array.from({ length: pallets }, (_, index) => `PACK000${firstPallet + index}`);

  private constructor(
    private readonly at: Map<string, string>,
    private readonly locations: Map<string, string>,
  ) {}

  static async open(database: Client, odooUrl: string): Promise<Warehouse> {
    const { rows } = await database.query<{ id: string; barcode: string }>(
      `SELECT l.id, l.barcode FROM location l JOIN tenant t ON t.id = l.tenant_id WHERE t.slug = 'demo' AND l.barcode IS NOT NULL`,
    );
    const state = (await (await fetch(`${odooUrl}/_state`)).json()) as {
      databases: Record<string, { packages: Record<string, string | null> }>;
    };
    return new Warehouse(
      new Map(Object.entries(state.databases['demo']!.packages).flatMap(([code, at]) => (at ? [[code, at]] : []))),
      new Map(rows.map((row) => [row.barcode, row.id])),
    );
  }

  /** The next pallet in turn and a chamber where it is not; from now on it counts as being there. */
  take(): PalletMove {
    const code = this.codes[this.next++ % this.codes.length]!;
    const here = this.at.get(code)!;
    const free = chambers.filter((chamber) => chamber !== here);
    const destination = free[this.next % free.length]!;
    const from = this.locations.get(here);
    if (from === undefined) throw new Error(`${here} is not in the catalogue`);
    this.at.set(code, destination);
    return { code, destination, from };
  }
}
