import { useCallback, useEffect, useRef, useState } from 'react';
import type { Paper, ReceiptPaper } from './paper';

/**
 * What is printed: the receipt that is on the screen, or for one time something else. `prints` rises with each wish to print the
 * receipt.
 */
export function usePaper(receipt: ReceiptPaper | null, prints: number) {
  const [other, setOther] = useState<Paper | null>(null);
  const printed = useRef(prints);
  useEffect(() => {
    if (other === null) return;
    // Where it comes back at once, and where it does not.
    const onDone = (): void => setOther(null);
    window.addEventListener('afterprint', onDone, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', onDone);
  }, [other]);
  useEffect(() => {
    if (printed.current === prints) return;
    printed.current = prints;
    if (receipt) window.print();
  }, [prints, receipt]);
  const print = useCallback((paper: Paper) => setOther(paper), []);
  return { paper: other ?? receipt, print };
}
