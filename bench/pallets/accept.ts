import { Durations } from '../lib/figures';
import type { NervioClient } from '../lib/nervio';
import { now, openLoop } from '../lib/open-loop';
import type { Warehouse } from '../lib/warehouse';

export interface AcceptRun {
  sent: number;
  failed: number;
  p50: number;
  p95: number;
  p99: number;
}

/** POST /pallet-moves at a fixed rate, from the intended send time until its 202 (PERF-02). */
export async function accept(
  nervio: NervioClient,
  warehouse: Warehouse,
  perSecond: number,
  seconds: number,
): Promise<AcceptRun> {
  await nervio.logIn();
  const durations = new Durations();
  const results = await openLoop(perSecond * seconds, 1000 / perSecond, async (_, intended) => {
    const { code, destination, from } = warehouse.take();
    await nervio.move(destination, [{ code, from }]);
    durations.add(now() - intended);
  });
  const failed = results.filter((result) => result.status === 'rejected');
  const [first] = failed;
  if (first?.status === 'rejected') process.stderr.write(`${String(first.reason)}\n`);
  return {
    sent: results.length,
    failed: failed.length,
    p50: durations.at(50),
    p95: durations.at(95),
    p99: durations.at(99),
  };
}
