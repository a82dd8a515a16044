import { Anchor, Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRevalidator, useRouteLoaderData } from '@remix-run/react';
import { IconFileTypePdf, IconPrinter, IconTimeline } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SaleDetail } from '../../api/sales/schemas';
import { can } from '../../domain/access';
import table from '../components/desk/DataTable.module.css';
import { Card, DetailHead, Facts } from '../components/desk/Detail';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import page from '../components/desk/OperationDetail.module.css';
import rows from '../components/desk/Rows.module.css';
import { SaleMarks } from '../components/desk/SaleMarks';
import classes from '../components/desk/Sale.module.css';
import { SaleReceipts } from '../components/desk/SaleReceipts';
import { historyOf } from '../components/desk/StockTabs';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useFeed } from '../components/desk/useFeed';
import { StateAnnouncer, StateChip } from '../components/StateChip';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sales.read');
  const sale: SaleDetail = await notFoundAs404(() => context.useCases.getSale(actor, idOf(params)));
  return { sale, title: `${sale.label} · ${deskWords(request, actor.locale)('sales:page_title')}` };
}

export default function Sale() {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { sale } = useLoaderData<typeof loader>();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const [state, setState] = useState(sale.state);
  useEffect(() => setState(sale.state), [sale]);
  const label = t('label', { register: sale.register.name, number: sale.number });
  useDocumentTitle(`${label} · ${t('page_title')}`);
  useDeskScan({ onCode: (code) => void navigate(historyOf(code, sale.site.id)) });
  useFeed({
    onChange: (change) => {
      if (change.operationId === sale.operationId) {
        setState(change.state);
        // With it goes the mail.
        if (sale.receipts.some((mail) => mail.state === 'waiting')) void revalidate();
      }
      // A void or a return may be of this one.
      else if (change.kind !== 'sale' && change.siteId === sale.site.id) void revalidate();
    },
    onReset: () => void revalidate(),
  });
  const mayReadOperations = user != null && can(user, 'operations.read');
  const maySell = user != null && can(user, 'sales.make');
  const back = sale.kind !== 'sale';
  return (
    <div className={page.page}>
      <DetailHead
        back={{ to: '/sales', label: t('back') }}
        title={t(`kind.${sale.kind}`)}
        number={label}
        mark={
          <>
            <StateChip state={state} size="lg" />
            <SaleMarks sale={{ ...sale, kind: 'sale' }} />
          </>
        }
      >
        <Button
          component="a"
          href={`/api/v1/sales/${sale.id}/receipt.pdf`}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<IconFileTypePdf size={18} aria-hidden />}
        >
          {t('detail.receipt')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} aria-hidden />}
          onClick={() => window.print()}
          visibleFrom="sm"
        >
          {t('detail.print')}
        </Button>
      </DetailHead>
      <StateAnnouncer number={label} state={state} />
      <div className={page.columns}>
        <div className={page.main}>
          <Lines sale={sale} />
          <Facts
            facts={[
              [t('when'), format.stamp(sale.at)],
              sale.clientAt === null ? null : [t('detail.client_at'), format.stamp(sale.clientAt)],
              [t('site'), sale.site.name],
              [
                t('register'),
                <Anchor key="register" component={Link} to={`/sessions/${sale.sessionId}`}>
                  {sale.register.name}
                </Anchor>,
              ],
              [t('cashier'), sale.cashier?.name ?? '–'],
              [
                t('customer'),
                [sale.customer?.name, sale.customer?.email].filter(Boolean).join(' · ') || t('no_customer'),
              ],
              sale.reason === null ? null : [t('detail.reason'), sale.reason],
            ]}
          />
        </div>
        <div className={page.side}>
          <Card title={t(back ? 'detail.refunds' : 'detail.payments')}>
            <dl className={classes.sums}>
              {sale.payments.map((payment, index) => (
                <div key={index}>
                  <dt>{t(`method.${payment.method}`)}</dt>
                  <dd>{format.money(payment.amount)}</dd>
                </div>
              ))}
              {sale.change.amount > 0 && (
                <div>
                  <dt>{t('detail.change')}</dt>
                  <dd>−{format.money(sale.change)}</dd>
                </div>
              )}
              <div className={classes.sum}>
                <dt>{t('total')}</dt>
                <dd>{format.money(sale.total)}</dd>
              </div>
            </dl>
          </Card>
          {(sale.followers.length > 0 || sale.originalId !== null) && (
            <Card title={t(sale.originalId === null ? 'detail.followers' : 'detail.original')}>
              {sale.voided && <p className={classes.note}>{t('detail.voided')}</p>}
              {sale.returned.amount > 0 && (
                <p className={classes.note}>{t('detail.returned', { money: format.money(sale.returned) })}</p>
              )}
              <ul className={classes.links}>
                {sale.originalId !== null && (
                  <li>
                    <Anchor component={Link} to={`/sales/${sale.originalId}`}>
                      {t('detail.original_link')}
                    </Anchor>
                  </li>
                )}
                {sale.followers.map((one) => (
                  <li key={one.id}>
                    <Anchor component={Link} to={`/sales/${one.id}`}>
                      {t('detail.followed', { kind: t(`kind.${one.kind}`), number: one.number })}
                    </Anchor>
                    <span className={table.quiet}>
                      {format.money(one.total)} · {format.dateTime(one.at)}
                    </span>
                  </li>
                ))}
              </ul>
            </Card>
          )}
          <SaleReceipts sale={sale} maySend={maySell} onSent={() => void revalidate()} />
          {mayReadOperations && (
            <Button
              component={Link}
              to={`/operations/${sale.operationId}`}
              variant="light"
              size="md"
              leftSection={<IconTimeline size={20} aria-hidden />}
            >
              {t('detail.timeline')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function Lines({ sale }: { sale: SaleDetail }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  return (
    <Card title={t('detail.lines')} count={sale.lines.length}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('detail.article')}</th>
            <th scope="col" className={rows.figure}>
              {t('detail.quantity')}
            </th>
            <th scope="col" className={rows.figure}>
              {t('detail.unit_price')}
            </th>
            <th scope="col" className={rows.figure}>
              {t('detail.line_total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {sale.lines.map((line) => (
            <tr key={line.line} className={rows.pair}>
              <td>
                <div>
                  <span className={table.strong}>{line.name}</span>
                  <span className={`${table.block} ${table.quiet} nv-code`}>{line.sku}</span>
                  {Number(line.returned) > 0 && (
                    <span className={rows.tag} data-tone="violet">
                      {t('detail.line_returned', { quantity: format.quantity(line.returned, line.unit) })}
                    </span>
                  )}
                </div>
              </td>
              <td className={rows.figure} data-label={t('detail.quantity')}>
                {format.quantity(line.quantity, line.unit)}
              </td>
              <td className={rows.figure} data-label={t('detail.unit_price')}>
                <div>
                  {format.money(line.unitPrice)}
                  {line.listPrice.amount !== line.unitPrice.amount && (
                    <span className={`${table.block} ${table.quiet}`}>
                      {t('detail.list_price', { money: format.money(line.listPrice) })}
                    </span>
                  )}
                </div>
              </td>
              <td className={rows.figure} data-label={t('detail.line_total')}>
                <strong>{format.money(line.total)}</strong>
              </td>
            </tr>
          ))}
          <tr className={`${rows.foot} ${rows.pair}`}>
            <td className={rows.hide}>{t('total')}</td>
            <td className={rows.hide} />
            <td className={`${rows.figure} ${table.quiet}`} data-label={t('detail.tax')}>
              <span>
                <span className={rows.hide}>{t('detail.tax')} </span>
                {format.money(sale.tax)}
              </span>
            </td>
            <td className={rows.figure} data-label={t('total')}>
              {format.money(sale.total)}
            </td>
          </tr>
        </tbody>
      </table>
    </Card>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
