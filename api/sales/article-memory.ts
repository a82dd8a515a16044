import type { LevelRef, StockLevel } from '../../domain/stock';
import type { HotTx } from '../../store/hot-path';
import { type CatalogueStamp, readArticles, readStamp, type SiteSellable, type SiteSku } from '../../store/articles';
import { readLevels } from '../../store/stock';

/** What sites sell under SKUs, by `siteSkuKey`. */
export type Articles = ReadonlyMap<string, SiteSellable>;

export interface ArticlesAndLevels {
  articles: Articles;
  /** Those that there are, by the last commit. */
  levels: StockLevel[];
}

/**
 * What this process knows of articles, business by business. It is never believed: each question asks PostgreSQL for the stamp of
 * the catalogue beside the levels, and what belongs to another stamp is asked anew. So a price is as fresh as if it had been read.
 */
export interface ArticleMemory {
  /** @param asked by `siteSkuKey` @returns as of the last commit; in one trip, in two when the catalogue has changed */
  read(tx: Pick<HotTx, 'tenantId' | 'query'>, asked: ReadonlyMap<string, SiteSku>): Promise<ArticlesAndLevels>;
}

interface Known {
  stamp: CatalogueStamp;
  articles: Map<string, SiteSellable>;
}

/** @param most articles of all businesses together, about 500 bytes each */
export function createArticleMemory(most = 100_000): ArticleMemory {
  const businesses = new Map<string, Known>();
  let size = 0;

  function forget(tenantId: string): void {
    size -= businesses.get(tenantId)?.articles.size ?? 0;
    businesses.delete(tenantId);
  }

  function remember(tenantId: string, stamp: CatalogueStamp, fresh: Articles): void {
    if (businesses.get(tenantId)?.stamp !== stamp) forget(tenantId);
    if (size + fresh.size > most) for (const other of [...businesses.keys()]) forget(other);
    const known = businesses.get(tenantId) ?? { stamp, articles: new Map<string, SiteSellable>() };
    businesses.set(tenantId, known);
    size -= known.articles.size;
    for (const [key, article] of fresh) known.articles.set(key, article);
    size += known.articles.size;
  }

  async function ask(tx: Pick<HotTx, 'tenantId' | 'query'>, asked: readonly SiteSku[]): Promise<ArticlesAndLevels> {
    const { articles, levels, stamp } = await readArticles(tx, asked);
    if (stamp !== null) remember(tx.tenantId, stamp, articles);
    return { articles, levels };
  }

  return {
    async read(tx, asked) {
      const known = businesses.get(tx.tenantId);
      const articles = new Map<string, SiteSellable>();
      const remembered: SiteSku[] = [];
      const refs: LevelRef[] = [];
      const unknown: SiteSku[] = [];
      for (const [key, one] of asked) {
        const article = known?.articles.get(key);
        if (article === undefined) unknown.push(one);
        else {
          articles.set(key, article);
          remembered.push(one);
          refs.push({ siteId: one.siteId, variantId: article.variantId });
        }
      }
      if (known === undefined || remembered.length === 0) return ask(tx, unknown);
      const [now, levels, fresh] = await Promise.all([readStamp(tx), readLevels(tx, refs), ask(tx, unknown)]);
      const rest = now === known.stamp ? { articles, levels } : await ask(tx, remembered);
      if (unknown.length === 0) return rest;
      return {
        articles: new Map([...rest.articles, ...fresh.articles]),
        levels: [...rest.levels, ...fresh.levels],
      };
    },
  };
}
