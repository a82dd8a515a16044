import { defaultCurrency } from '../domain/money';
import type { Sql, Tx } from './db';

/** What the business counts its money in: an ISO 4217 code. */
export async function currencyOf(tx: Pick<Tx, 'tenantId'> & Sql): Promise<string> {
  const [row] = await tx.query<{ currency: string }>('SELECT currency FROM tenant WHERE id = $1::uuid', [tx.tenantId]);
  return row?.currency ?? defaultCurrency;
}
