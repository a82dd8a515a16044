import type { CallInfo, ServiceCall } from '../services';
import { isStruct } from '../wire/values';

export interface Twice {
  db: string;
  /** `picking.name` and `picking.origin` of creates, `picking.validate` of validations. */
  what: string;
  key: string;
  times: number;
}

/** How often each method was called, and what came more than once since the start (or the last reset). */
export class Counters {
  private calls = new Map<string, number>();
  private seen = new Map<string, Twice>();

  count(info: CallInfo, call: ServiceCall): void {
    this.calls.set(info.name, (this.calls.get(info.name) ?? 0) + 1);
    const args = call.args[5];
    if (info.model !== 'stock.picking' || !Array.isArray(args)) return;
    const first = args[0];
    if (info.method === 'create') {
      for (const values of Array.isArray(first) ? first : [first]) {
        if (!isStruct(values)) continue;
        this.see(info, 'picking.name', values['name']);
        this.see(info, 'picking.origin', values['origin']);
      }
    }
    if (info.method === 'button_validate' && Array.isArray(first)) {
      for (const id of first) this.see(info, 'picking.validate', String(id));
    }
  }

  get perMethod(): Record<string, number> {
    return Object.fromEntries([...this.calls].sort(([a], [b]) => a.localeCompare(b)));
  }

  get twice(): Twice[] {
    return [...this.seen.values()].filter((one) => one.times > 1);
  }

  reset(): void {
    this.calls = new Map();
    this.seen = new Map();
  }

  private see(info: CallInfo, what: string, key: unknown): void {
    if (typeof key !== 'string' || !key) return;
    const db = info.db ?? '';
    const known = this.seen.get(`${db} ${what} ${key}`);
    if (known) known.times += 1;
    else this.seen.set(`${db} ${what} ${key}`, { db, what, key, times: 1 });
  }
}
