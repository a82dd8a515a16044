import { useNavigate } from '@remix-run/react';
import { giveFeedback } from '../../scan/feedback';
import type { Scan } from '../../scan/scanner';
import { useScanner } from '../../scan/useScanner';
import { noFilters, searchOf } from './operation-query';

/** What labels of pallets and chambers are printed with; a US scanner on a Spanish keyboard types «'» for «-». */
const printed = /^[A-Z0-9][A-Z0-9 ._/-]*$/i;
/** The rest of a code whose first half came late. */
const shortest = 4;

/** The reading of a scan that looks like a printed code; null when none does. */
export function codeOf(scan: Scan): string | null {
  const own = [scan.text, scan.physical];
  const joined = [scan.joined?.text, scan.joined?.physical];
  const readings = scan.text.length < shortest ? [...joined, ...own] : [...own, ...joined];
  return readings.find((reading) => reading !== undefined && printed.test(reading)) ?? null;
}

/**
 * «Scan anywhere» on the desk: a code looks for the operations of that pallet or chamber, unless the screen has a better
 * use for it. While a form is open it is refused, so that nothing that was typed is lost.
 */
export function useDeskScan({ busy = false, onCode }: { busy?: boolean; onCode?(code: string): void } = {}): void {
  const navigate = useNavigate();
  useScanner((scan) => {
    const code = codeOf(scan);
    if (busy || code === null) return giveFeedback('failure');
    giveFeedback('success');
    if (onCode) onCode(code);
    else void navigate(`/operations${searchOf({ ...noFilters, q: code })}`);
  });
}
