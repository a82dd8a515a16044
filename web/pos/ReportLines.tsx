import type { ReportPaper } from './paper';
import classes from './ReportLines.module.css';
import type { Wording } from './words';

/** The figures of a session, the same on the screen and on paper. */
export function ReportLines({ paper: { report, counted }, wording }: { paper: ReportPaper; wording: Wording }) {
  const { t, format } = wording;
  const { sales, voids, returns, payments, tax, cash, movements } = report;
  const money = (value: { amount: number; currency: string }) => format.money(value);
  const amount = (value: number) => format.money({ amount: value, currency: cash.expected.currency });
  const row = (label: string, value: string, strong = false, key = label) => (
    <tr key={key} data-strong={strong}>
      <th scope="row">{label}</th>
      <td className="nv-figures">{value}</td>
    </tr>
  );
  const documents = [
    ['sales', sales],
    ['voids', voids],
    ['returns', returns],
  ] as const;
  return (
    <div className={classes.report} data-testid="report">
      {counted && (
        <table className={classes.table}>
          <tbody>
            {row(t('register.expected'), amount(counted.expected))}
            {row(t('register.counted'), amount(counted.counted))}
            {row(
              t('register.difference'),
              counted.difference === 0
                ? t('register.exact')
                : counted.difference > 0
                  ? t('register.over', { amount: amount(counted.difference) })
                  : t('register.under', { amount: amount(-counted.difference) }),
              true,
            )}
          </tbody>
        </table>
      )}
      <table className={classes.table}>
        <tbody>
          {documents.map(([name, { count, total }]) => (
            <tr key={name}>
              <th scope="row">
                {t(`register.${name}`)}
                <small>{t('register.count', { count })}</small>
              </th>
              <td className="nv-figures">{money(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={classes.table}>
        <caption>{t('register.payments')}</caption>
        <tbody>{payments.map(({ method, total }) => row(t(`method.${method}`), money(total)))}</tbody>
      </table>
      {tax.length > 0 && (
        <table className={classes.table}>
          <caption>{t('register.taxes')}</caption>
          <tbody>
            {tax.map((one) =>
              row(t('register.tax', { rate: format.percent(one.rate), base: money(one.base) }), money(one.tax)),
            )}
          </tbody>
        </table>
      )}
      <table className={classes.table}>
        <caption>{t('register.cash')}</caption>
        <tbody>
          {row(t('register.float'), money(cash.float))}
          {row(t('register.cash_sales'), money(cash.sales))}
          {row(t('register.refunds'), money(cash.refunds))}
          {row(t('register.in'), money(cash.in))}
          {row(t('register.out'), money(cash.out))}
          {row(t('register.expected'), money(cash.expected), true)}
        </tbody>
      </table>
      {movements.length > 0 && (
        <table className={classes.table}>
          <caption>{t('register.movements')}</caption>
          <tbody>
            {movements.map((one) => row(`${format.clock(one.at)} · ${one.reason}`, money(one.amount), false, one.id))}
          </tbody>
        </table>
      )}
    </div>
  );
}
