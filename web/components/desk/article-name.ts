import { oneColour, oneSize } from '../../../domain/product';

const nameless: ReadonlySet<string> = new Set([oneSize, oneColour]);

export interface ArticleName {
  sku: string;
  name: string;
  size?: string;
  colour?: string;
}

/** «Polera piqué · M · Negro»; sizes and colours of what has none are no words. */
export function articleName({ name, size = '', colour = '' }: Omit<ArticleName, 'sku'>): string {
  return [name, ...[size, colour].filter((word) => word !== '' && !nameless.has(word))].join(' · ');
}
