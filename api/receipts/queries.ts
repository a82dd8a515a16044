import type { Readable } from 'node:stream';
import type { Actor } from '../../domain/access';
import { receiptFileName } from '../../domain/receipt';
import { entityTag } from '../../store/objects';
import { receiptLayout, receiptPdf } from '../../store/receipt-pdf';
import { readReceipt } from '../../store/receipts';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { visibleSale } from '../sales/queries';

/** A receipt as a file. It is drawn when it is asked for: who has this copy already need not wait for it. */
export interface ReceiptFile {
  name: string;
  tag: string;
  draw(): Readable;
}

/** SALE-05. @throws NervioError not_found */
export async function getReceiptFile(deps: ApiDeps, actor: Actor, id: string): Promise<ReceiptFile> {
  requirePermission(actor, 'sales.read');
  const receipt = await deps.db.withTenant(actor.tenantId, async (tx) => {
    const sale = await visibleSale(tx, actor, id);
    return readReceipt(tx, sale.id);
  });
  return {
    name: receiptFileName(receipt),
    tag: entityTag(Buffer.from(JSON.stringify([receiptLayout, receipt]))),
    draw: () => receiptPdf(receipt),
  };
}
