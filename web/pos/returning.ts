import type { SaleDetail } from '../../api/sales/schemas';
import { lineTotal } from '../../domain/money';
import { parseQuantity } from '../../domain/quantity';

/** One line of a sale, as far as it can still come back; quantities in thousandths, amounts in minor units. */
export interface Returnable {
  line: number;
  name: string;
  unit: string;
  unitPrice: number;
  /** What was sold and not returned yet. */
  left: number;
  sold: number;
  total: number;
}

export function returnables(sale: SaleDetail): Returnable[] {
  return sale.lines
    .map((line) => {
      const sold = parseQuantity(line.quantity) ?? 0;
      return {
        line: line.line,
        name: line.name,
        unit: line.unit,
        unitPrice: line.unitPrice.amount,
        sold,
        left: sold - (parseQuantity(line.returned) ?? 0),
        total: line.total.amount,
      };
    })
    .filter(({ left }) => left > 0);
}

/**
 * What goes back for so much of a line. Of a line that came back in parts before, rounding may make the last part differ: then
 * the server names the sum.
 */
export function refundOf({ unitPrice, sold, total }: Returnable, quantity: number): number {
  return quantity === sold ? total : Math.min(lineTotal(unitPrice, quantity), total);
}
