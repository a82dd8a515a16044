import { existsSync, readFileSync } from 'node:fs';

/** One call to Odoo, epoch ms. */
export interface OdooCall {
  from: number;
  to: number;
}

/** The worker's calls within a stretch of time; watch probes among them. */
export function readCalls(file: string, from: number, to: number): OdooCall[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OdooCall)
    .filter((call) => call.from >= from && call.to <= to);
}

/** Sum of the calls' durations, ms. */
export const timeOf = (calls: readonly OdooCall[]): number => calls.reduce((sum, call) => sum + call.to - call.from, 0);

/** Time during which at least one call was in progress, ms. */
export function unionOf(calls: readonly OdooCall[]): number {
  let union = 0;
  let until = -Infinity;
  for (const { from, to } of [...calls].sort((a, b) => a.from - b.from)) {
    union += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return union;
}
