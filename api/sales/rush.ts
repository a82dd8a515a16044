import { siteSkuKey, type SiteSku } from '../../store/articles';

/** What was refused for want of stock a moment ago: who asks for it now is likely to be refused as well. */
export interface Rush {
  mark(tenantId: string, article: SiteSku, variantId: string): void;
  unmark(tenantId: string, article: SiteSku): void;
  /** Its variant, while it is marked. */
  of(tenantId: string, article: SiteSku): string | undefined;
}

/** A customer who was refused tells the next ones within this time. */
const markedMs = 60_000;
const mostMarks = 10_000;

export function createRush(): Rush {
  const marks = new Map<string, { variantId: string; until: number }>();
  const keyOf = (tenantId: string, article: SiteSku): string => `${tenantId}/${siteSkuKey(article)}`;
  return {
    mark(tenantId, article, variantId) {
      const key = keyOf(tenantId, article);
      marks.delete(key);
      // The oldest goes first.
      if (marks.size >= mostMarks) marks.delete(marks.keys().next().value ?? '');
      marks.set(key, { variantId, until: Date.now() + markedMs });
    },
    unmark: (tenantId, article) => void marks.delete(keyOf(tenantId, article)),
    of(tenantId, article) {
      if (marks.size === 0) return undefined;
      const key = keyOf(tenantId, article);
      const mark = marks.get(key);
      if (mark === undefined || mark.until > Date.now()) return mark?.variantId;
      marks.delete(key);
      return undefined;
    },
  };
}
