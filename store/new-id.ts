import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes are drawn for many ids at once: a sale has a dozen, and drawing costs more than making one. */
const pool = Buffer.alloc(16 * 512);
let used = pool.length;

let lastMs = 0;
let sequence = 0;

/** A UUIDv7; those of one process rise, also within a millisecond. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += 16));
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // 32 bits that begin in their lower half: there is room for two thousand million more within the millisecond.
    sequence = random.readUInt32BE(6) >>> 1;
  } else sequence++;
  return v7({ random, msecs: lastMs, seq: sequence });
}
