import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import table from './DataTable.module.css';
import type { More } from './usePages';

/** Below a list: what follows, by wish; or that this was all. */
export function MorePages(props: {
  list: { items: readonly unknown[]; nextCursor: string | null; more: More; showMore(): Promise<void> };
}) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation();
  const { items, nextCursor, more, showMore } = props.list;
  if (nextCursor !== null)
    return (
      <div className={table.more}>
        <Button variant="default" loading={more === 'busy'} onClick={() => void showMore()}>
          {more === 'failed' ? t('more_failed') : common('more')}
        </Button>
      </div>
    );
  return items.length > 20 ? <p className={table.end}>{t('end_of_list')}</p> : null;
}
