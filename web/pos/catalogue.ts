import { type Product, productOf, type SeenVariant } from './product';

export const fold = (code: string): string => code.trim().toUpperCase();

/** What this till has seen of the site's products, by barcode and SKU: a scan is a line before the server has answered. */
export class Catalogue {
  private readonly byCode = new Map<string, Product>();

  find(codes: readonly string[]): Product | null {
    for (const code of codes) {
      const found = this.byCode.get(fold(code));
      if (found) return found;
    }
    return null;
  }

  /** @param scanned the code that it was found by, which may be a supplier's */
  learn(variant: SeenVariant, scanned?: string): Product {
    const product = productOf(variant);
    for (const code of [variant.sku, ...variant.barcodes, ...(scanned === undefined ? [] : [scanned])])
      this.byCode.set(fold(code), product);
    return product;
  }

  clear(): void {
    this.byCode.clear();
  }
}
