import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { isWhole, parseQuantity } from '../../domain/quantity';
import type { Tx } from '../../store/db';
import { findSkus, type NamedVariant } from '../../store/skus';

/** A site that a command acts on. @throws NervioError unknown_site, also for one that the actor may not see */
export async function requireSite(tx: Tx, actor: Actor, siteId: string): Promise<string> {
  const id = siteId.toLowerCase();
  const [row] = await tx.query('SELECT FROM site WHERE tenant_id = $1::uuid AND id = $2::uuid', [tx.tenantId, id]);
  if (!row || !seesSite(actor, id)) throw new NervioError('unknown_site');
  return id;
}

/** What the actor sees of what was asked for; null = all of the business. */
export function sitesFor(actor: Actor, siteId: string | undefined): string[] | null {
  if (siteId === undefined) return actor.siteIds;
  const id = siteId.toLowerCase();
  return seesSite(actor, id) ? [id] : [];
}

export interface ReadLine<Line> {
  line: Line;
  variant: NamedVariant;
  /** Thousandths. */
  quantity: number;
}

/**
 * Lines with their variants and quantities. What cannot be is told of all lines at once.
 * @throws NervioError unknown_sku, quantity_not_whole, bad_quantity
 */
export async function readLines<Line extends { sku: string }>(
  tx: Tx,
  lines: readonly Line[],
  quantityOf: (line: Line) => string | number,
  fits: (quantity: number) => boolean,
): Promise<ReadLine<Line>[]> {
  const variants = await findSkus(
    tx,
    lines.map((line) => line.sku),
  );
  const unknown = lines.filter((line) => !variants.has(line.sku)).map((line) => line.sku);
  if (unknown.length > 0) throw new NervioError('unknown_sku', { skus: [...new Set(unknown)] });
  const read = lines.map((line) => ({
    line,
    variant: variants.get(line.sku)!,
    quantity: parseQuantity(quantityOf(line)) ?? Number.NaN,
  }));
  const bad = read.filter(({ quantity }) => !fits(quantity));
  if (bad.length > 0) throw new NervioError('bad_quantity', { skus: bad.map(({ line }) => line.sku) });
  const broken = read.filter(({ variant, quantity }) => variant.unit === 'unit' && !isWhole(quantity));
  if (broken.length > 0) throw new NervioError('quantity_not_whole', { skus: broken.map(({ line }) => line.sku) });
  return read;
}

/** @throws NervioError duplicate_sku when an article is there twice, under whichever of its codes */
export function refuseDuplicates(lines: readonly ReadLine<{ sku: string }>[]): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { variant } of lines) {
    if (seen.has(variant.id)) twice.add(variant.sku);
    seen.add(variant.id);
  }
  if (twice.size > 0) throw new NervioError('duplicate_sku', { skus: [...twice] });
}
