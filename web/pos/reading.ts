import { parseQuantity } from '../../domain/quantity';
import type { Scan } from '../scan/scanner';

/** What a scan says: how many, and in which ways its code may be read. */
export interface Reading {
  /** Thousandths; null = nobody said. */
  quantity: number | null;
  /** Most likely first. */
  codes: string[];
}

/** «3*», «0,350*»: so many of what comes next. */
const times = /^(\d{1,6}(?:[.,]\d{1,3})?)\s*[*×]\s*/;
/** Keys of the till that were pressed shortly before; no code begins with one. */
const operators = /^[+*/-]+/;
/** Characters that printed codes have. */
const printed = /^[A-Za-z0-9._/ -]+$/;
const maxCode = 64;

/** «0,35» or «0.35» in thousandths; null when it is no amount of anything. */
export function quantityFrom(text: string): number | null {
  const value = parseQuantity(text.trim().replace(',', '.'));
  return value === null || value <= 0 ? null : value;
}

/**
 * The layout of the wedge and that of the device may differ, and a code may have stalled on its way: then it can be read in more
 * than one way. What a hand typed before it («3*») is how many.
 */
export function readScan(scan: Scan): Reading {
  const sources = [scan, scan.burst, scan.joined].filter((source) => source !== undefined);
  let quantity: number | null = null;
  const codes: string[] = [];
  for (const { text, physical } of sources) {
    const pressed = operators.exec(text)?.[0].length ?? 0;
    const said = times.exec(text.slice(pressed));
    const length = pressed + (said?.[0].length ?? 0);
    if (said?.[1] !== undefined) quantity ??= quantityFrom(said[1]);
    codes.push(text.slice(length).trim(), physical.slice(length).trim());
  }
  const distinct = [...new Set(codes)].filter((code) => code !== '' && code.length <= maxCode);
  return {
    quantity,
    codes: [...distinct.filter((code) => printed.test(code)), ...distinct.filter((code) => !printed.test(code))],
  };
}
