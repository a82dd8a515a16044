import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { IconPrinter, IconReceipt } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionDetail } from '../../api/registers/schemas';
import type { Money } from '../../domain/money';
import table from '../components/desk/DataTable.module.css';
import { Card, DetailHead, Facts } from '../components/desk/Detail';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import page from '../components/desk/OperationDetail.module.css';
import rows from '../components/desk/Rows.module.css';
import classes from '../components/desk/Sale.module.css';
import { Silent } from '../components/desk/Silent';
import stores from '../components/desk/Stores.module.css';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { usePolled } from '../components/desk/usePolled';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';

const everyMs = 4_000;
const never = 2_000_000_000;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sales.read');
  const session: SessionDetail = await notFoundAs404(() => context.useCases.getRegisterSession(actor, idOf(params)));
  const title = deskWords(request, actor.locale)('sales:session.page_title', { register: session.register.name });
  return { session, at: Date.now(), title };
}

/** It keeps itself up to date. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
  currentUrl.pathname !== nextUrl.pathname;

export default function Session() {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { session: loaded, at } = useLoaderData<typeof loader>();
  const open = loaded.closedAt === null;
  const seen = usePolled<SessionDetail>(
    `/register-sessions/${loaded.id}`,
    { value: loaded, at },
    open ? everyMs : never,
  );
  const session = seen.value;
  const { report } = session;
  useDocumentTitle(t('session.page_title', { register: session.register.name }));
  useDeskScan();
  const money = format.money;
  /** What goes off: «−$500», and of nothing «$0». */
  const less = ({ amount, currency }: Money): string => format.moneyChange({ amount: -amount, currency });
  const net = {
    amount: report.sales.total.amount - report.voids.total.amount - report.returns.total.amount,
    currency: report.sales.total.currency,
  };
  const by = (when: string, name: string | undefined): ReactNode => (
    <>
      {format.stamp(when)} <span className={`${page.quiet} ${page.below}`}>{name}</span>
    </>
  );
  return (
    <div className={page.page}>
      <DetailHead
        back={{ to: '/registers', label: t('session.back') }}
        title={session.zNumber === null ? t('session.x_title') : t('session.z_title', { number: session.zNumber })}
        number={`${session.register.name} · ${session.site.name}`}
        mark={
          session.closedAt === null ? (
            <span className={rows.tag} data-tone="good">
              {t('session.live')}
            </span>
          ) : undefined
        }
      >
        <Button
          component={Link}
          to={`/sales?registerId=${session.register.id}`}
          variant="default"
          leftSection={<IconReceipt size={18} aria-hidden />}
        >
          {t('session.see_sales')}
        </Button>
        <Button leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
          {t('session.print')}
        </Button>
      </DetailHead>
      <Silent silent={seen.silent} at={seen.at} />
      <div className={page.main}>
        <Facts
          facts={[
            [t('session.opened'), by(session.openedAt, session.openedBy.name)],
            session.closedAt === null ? null : [t('session.closed'), by(session.closedAt, session.closedBy?.name)],
            [t('site'), session.site.name],
            [t('register'), session.register.name],
            session.note === null ? null : [t('session.note'), session.note],
          ]}
        />
        <div className={classes.two}>
          <div className={page.main}>
            <Card title={t('session.totals')}>
              <Sums
                sums={[
                  [t('session.sales'), `${format.number(report.sales.count)} · ${money(report.sales.total)}`],
                  [t('session.voids'), `${format.number(report.voids.count)} · ${less(report.voids.total)}`],
                  [t('session.returns'), `${format.number(report.returns.count)} · ${less(report.returns.total)}`],
                ]}
                total={[t('session.net'), money(net)]}
              />
            </Card>
            <Card title={t('session.payments')}>
              {report.payments.length === 0 ? (
                <p className={stores.hint}>{t('session.no_payments')}</p>
              ) : (
                <Sums
                  sums={report.payments.map(({ method, total }) => [t(`method.${method}`), money(total)] as const)}
                />
              )}
            </Card>
          </div>
          <div className={page.main}>
            <Card title={t('session.cash')}>
              <Sums
                sums={[
                  [t('session.cash_float'), money(report.cash.float)],
                  [t('session.cash_sales'), money(report.cash.sales)],
                  [t('session.cash_refunds'), less(report.cash.refunds)],
                  [t('session.cash_in'), money(report.cash.in)],
                  [t('session.cash_out'), less(report.cash.out)],
                ]}
                total={[t('session.cash_expected'), money(report.cash.expected)]}
              />
              {session.counted !== null && session.difference !== null && (
                <dl className={classes.sums}>
                  <div>
                    <dt>{t('session.cash_counted')}</dt>
                    <dd>{money(session.counted)}</dd>
                  </div>
                  <div>
                    <dt>{t('session.cash_difference')}</dt>
                    <dd data-tone={session.difference.amount === 0 ? 'good' : 'bad'}>
                      {session.difference.amount === 0 ? t('registers.fits') : format.moneyChange(session.difference)}
                    </dd>
                  </div>
                </dl>
              )}
            </Card>
            <Card title={t('session.tax')}>
              {report.tax.length === 0 ? (
                <p className={stores.hint}>{t('session.no_tax')}</p>
              ) : (
                <table className={table.table}>
                  <thead>
                    <tr>
                      <th scope="col">{t('session.rate')}</th>
                      <th scope="col" className={rows.figure}>
                        {t('session.base')}
                      </th>
                      <th scope="col" className={rows.figure}>
                        {t('session.tax_amount')}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {report.tax.map((row) => (
                      <tr key={row.rate}>
                        <td data-label={t('session.rate')}>{format.percent(row.rate)}</td>
                        <td className={rows.figure} data-label={t('session.base')}>
                          {money(row.base)}
                        </td>
                        <td className={rows.figure} data-label={t('session.tax_amount')}>
                          {money(row.tax)}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Card>
          </div>
        </div>
        <Card title={t('session.movements')} count={report.movements.length}>
          {report.movements.length === 0 ? (
            <p className={stores.hint}>{t('session.no_movements')}</p>
          ) : (
            <table className={table.table}>
              <thead>
                <tr>
                  <th scope="col">{t('session.when')}</th>
                  <th scope="col">{t('session.reason')}</th>
                  <th scope="col">{t('session.who')}</th>
                  <th scope="col" className={rows.figure}>
                    {t('session.amount')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {report.movements.map((movement) => (
                  <tr key={movement.id}>
                    <td className={table.tight}>{format.dateTime(movement.at)}</td>
                    <td>{movement.reason}</td>
                    <td className={table.quiet}>{movement.by.name}</td>
                    <td className={rows.figure} data-tone={movement.amount.amount < 0 ? 'bad' : 'good'}>
                      {format.moneyChange(movement.amount)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Card>
      </div>
    </div>
  );
}

function Sums(props: { sums: readonly (readonly [string, string])[]; total?: readonly [string, string] }) {
  return (
    <dl className={classes.sums}>
      {props.sums.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {props.total !== undefined && (
        <div className={classes.sum}>
          <dt>{props.total[0]}</dt>
          <dd>{props.total[1]}</dd>
        </div>
      )}
    </dl>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
