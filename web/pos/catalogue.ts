import { type Product, productOf, type SeenVariant } from './product';

export const fold = (code: string): string => code.trim().toUpperCase();

/** What this till has seen of the site's products, by barcode and SKU: a scan is a line before the server has answered. */
export class Catalogue {
  private readonly byCode = new Map<string, Product>();
  /** When each SKU was learnt last. */
  private readonly learnt = new Map<string, number>();
  private clock = 0;

  find(codes: readonly string[]): Product | null {
    for (const code of codes) {
      const found = this.byCode.get(fold(code));
      if (found) return found;
    }
    return null;
  }

  /** To hand to `learnPage`. */
  moment(): number {
    return (this.clock += 1);
  }

  /** @param scanned the code that it was found by, which may be a supplier's */
  learn(variant: SeenVariant, scanned?: string): Product {
    const product = productOf(variant);
    this.learnt.set(fold(variant.sku), this.moment());
    for (const code of [variant.sku, ...variant.barcodes, ...(scanned === undefined ? [] : [scanned])])
      this.byCode.set(fold(code), product);
    return product;
  }

  /** A page of the catalogue that was asked for at `moment`: what was heard of an article since then is newer. */
  learnPage(variants: readonly SeenVariant[], moment: number): void {
    for (const variant of variants) if ((this.learnt.get(fold(variant.sku)) ?? 0) < moment) this.learn(variant);
  }

  clear(): void {
    this.byCode.clear();
    this.learnt.clear();
  }
}
