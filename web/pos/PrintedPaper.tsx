import { createPortal } from 'react-dom';
import type { Paper, ReceiptPaper, ReportPaper } from './paper';
import classes from './PrintedPaper.module.css';
import { ReportLines } from './ReportLines';
import type { Wording } from './words';

/** What the printer gets, and nothing else: 80 mm wide. Not on the screen. */
export function PrintedPaper({
  paper,
  business,
  wording,
}: {
  paper: Paper | null;
  business: string;
  wording: Wording;
}) {
  if (paper === null) return null;
  return createPortal(
    <article className={classes.paper} aria-hidden data-testid="paper">
      <p className={classes.business}>{business}</p>
      {paper.kind === 'receipt' ? (
        <Receipt paper={paper} wording={wording} />
      ) : (
        <Report paper={paper} wording={wording} />
      )}
    </article>,
    document.body,
  );
}

function Receipt({ paper, wording }: { paper: ReceiptPaper; wording: Wording }) {
  const { t, money, quantity, format } = wording;
  return (
    <>
      <p>{`${paper.site} · ${paper.register}`}</p>
      <p className={classes.title}>{`${t(`paper.${paper.document}`)} ${t('done.number', { number: paper.number })}`}</p>
      <p>{format.stamp(paper.at)}</p>
      {paper.cashier !== null && <p>{t('paper.cashier', { name: paper.cashier })}</p>}
      {paper.original !== null && <p>{t('paper.original', { number: paper.original })}</p>}
      {paper.reason !== null && <p>{`${t('sales.reason')}: ${paper.reason}`}</p>}
      <table className={classes.lines}>
        <tbody>
          {paper.lines.map((line, index) => (
            <tr key={index}>
              <td>
                {line.name}
                <br />
                {`${quantity(line.quantity, line.unit)} × ${money(line.unitPrice)}`}
              </td>
              <td>{money(line.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={classes.sums}>
        <tbody>
          <tr className={classes.total}>
            <th>{t('total')}</th>
            <td>{money(paper.total)}</td>
          </tr>
          <tr>
            <th>{t('tax')}</th>
            <td>{money(paper.tax)}</td>
          </tr>
          {paper.payments.map(({ method, amount }, index) => (
            <tr key={index}>
              <th>{t(`method.${method}`)}</th>
              <td>{money(amount)}</td>
            </tr>
          ))}
          {paper.change > 0 && (
            <tr>
              <th>{t('pay.change')}</th>
              <td>{money(paper.change)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {paper.document === 'sale' && <p className={classes.thanks}>{t('paper.thanks')}</p>}
    </>
  );
}

function Report({ paper, wording }: { paper: ReportPaper; wording: Wording }) {
  const { t, format } = wording;
  const { session } = paper.report;
  return (
    <>
      <p>{`${session.site.name} · ${session.register.name}`}</p>
      <p className={classes.title}>
        {session.zNumber === null ? t('paper.x') : t('paper.z', { number: session.zNumber })}
      </p>
      <p>{t('paper.opened', { time: format.stamp(session.openedAt), name: session.openedBy.name })}</p>
      {session.closedAt !== null && (
        <p>{t('paper.closed', { time: format.stamp(session.closedAt), name: session.closedBy?.name ?? '' })}</p>
      )}
      {paper.takenAt !== undefined && <p>{t('paper.taken', { time: format.stamp(paper.takenAt) })}</p>}
      <ReportLines paper={paper} wording={wording} />
      {session.note !== null && <p>{session.note}</p>}
    </>
  );
}
