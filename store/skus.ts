import type { Sql, Tx } from './db';

export interface NamedVariant {
  /** As it was asked for. */
  asked: string;
  id: string;
  sku: string;
  name: string;
  unit: string;
}

/** Variants by sku, or by one of their codes where no sku is written so; what is unknown is left out. */
export async function findSkus(
  tx: Pick<Tx, 'tenantId'> & Sql,
  asked: readonly string[],
): Promise<Map<string, NamedVariant>> {
  const rows = await tx.query<NamedVariant>(
    `SELECT k.asked, v.id::text, v.sku, p.name, p.unit FROM unnest($2::text[]) AS k (asked)
     CROSS JOIN LATERAL (
       SELECT coalesce(
         (SELECT s.id FROM variant s WHERE s.tenant_id = $1::uuid AND s.sku = k.asked),
         (SELECT c.variant_id FROM variant_code c WHERE c.tenant_id = $1::uuid AND c.code = k.asked)) AS id) f
     JOIN variant v ON v.tenant_id = $1::uuid AND v.id = f.id
     JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id`,
    [tx.tenantId, [...new Set(asked)]],
  );
  return new Map(rows.map((row) => [row.asked, row]));
}
