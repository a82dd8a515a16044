import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useLocation, useNavigate } from '@remix-run/react';
import { IconPrinter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EntryDetail } from '../../api/stock/schemas';
import { Article } from '../components/desk/Article';
import table from '../components/desk/DataTable.module.css';
import { Card, DetailHead, Facts } from '../components/desk/Detail';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import page from '../components/desk/OperationDetail.module.css';
import rows from '../components/desk/Rows.module.css';
import { Said } from '../components/desk/Said';
import { historyOf } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.read');
  const entry: EntryDetail = await notFoundAs404(() => context.useCases.getEntry(actor, idOf(params)));
  const words = deskWords(request, actor.locale);
  return { entry, title: `${words('stock:entries.number', { number: entry.number })} · Nervio` };
}

export default function Entry() {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { entry, title } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const saved = (useLocation().state as { saved?: boolean } | null)?.saved === true;
  useDocumentTitle(title);
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, entry.site.id)) });
  return (
    <div className={page.page}>
      <DetailHead
        back={{ to: '/entries', label: t('entries.back') }}
        title={t('entries.number', { number: entry.number })}
        number={entry.site.name}
      >
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} aria-hidden />}
          onClick={() => window.print()}
          visibleFrom="sm"
        >
          {t('entries.print')}
        </Button>
      </DetailHead>
      <Said words={saved ? t('entries.saved', { number: entry.number }) : ''} />
      <div className={page.main}>
        <Facts
          facts={[
            [t('site'), entry.site.name],
            [t('entries.supplier'), entry.supplier ?? '–'],
            [t('entries.reference'), entry.reference ?? '–'],
            [t('entries.when'), format.dateTime(entry.createdAt)],
            [t('entries.who'), entry.createdBy.name],
            entry.totalCost === null
              ? null
              : [t('entries.cost'), <strong key="cost">{format.money(entry.totalCost)}</strong>],
            entry.note === null ? null : [t('entries.note'), entry.note],
          ]}
        />
        <Card title={t('entries.lines')} count={entry.lines.length}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('article')}</th>
                <th scope="col" className={rows.figure}>
                  {t('entries.quantity')}
                </th>
                {entry.totalCost !== null && (
                  <>
                    <th scope="col" className={rows.figure}>
                      {t('entries.unit_cost')}
                    </th>
                    <th scope="col" className={rows.figure}>
                      {t('entries.total')}
                    </th>
                  </>
                )}
              </tr>
            </thead>
            <tbody>
              {entry.lines.map((line, index) => (
                <tr key={`${line.sku}-${index}`} className={`${rows.row} ${rows.pair}`}>
                  <td>
                    <Link to={historyOf(line.sku, entry.site.id)} className={rows.link}>
                      <Article article={line} />
                    </Link>
                  </td>
                  <td className={rows.figure} data-label={t('entries.quantity')}>
                    {format.quantity(line.quantity, line.unit)}
                  </td>
                  {line.unitCost !== null && line.total !== null && (
                    <>
                      <td className={rows.figure} data-label={t('entries.unit_cost')}>
                        {format.money(line.unitCost)}
                      </td>
                      <td className={rows.figure} data-label={t('entries.total')}>
                        <strong>{format.money(line.total)}</strong>
                      </td>
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
      </div>
    </div>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
