import { type ArticleName, articleName } from './article-name';
import table from './DataTable.module.css';

/** An article as people call it, with its code beneath. */
export function Article({ article }: { article: ArticleName }) {
  return (
    <span>
      <span className={table.strong}>{articleName(article)}</span>
      <span className={`${table.block} ${table.quiet} nv-code`}>{article.sku}</span>
    </span>
  );
}
