import { IconCircleCheck, IconFileTypePdf, IconPrinter } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { StateAnnouncer, StateChip } from '../components/StateChip';
import { receiptPdf } from './api';
import { Button, ButtonLink, Key } from './Button';
import classes from './DoneCard.module.css';
import { keys } from './key-names';
import { MailReceipt } from './MailReceipt';
import type { ReceiptPaper } from './paper';
import type { Done, Pos, PosState } from './store';
import { useOperationState } from './useOperationState';
import type { Wording } from './words';

/** The sale is made: the change first, then the receipt, and how far the sale has come. The next scan begins the next one. */
export function DoneCard(props: { done: Done; paper: ReceiptPaper; state: PosState; pos: Pos; wording: Wording }) {
  const { done, paper, state, pos, wording } = props;
  const { t, money, quantity } = wording;
  const { accepted, email } = done;
  const next = useRef<HTMLButtonElement>(null);
  const operation = useOperationState(accepted.operationId, accepted.state);
  useEffect(() => next.current?.focus({ preventScroll: true }), []);
  const back = paper.document === 'return';
  const given = back ? accepted.total.amount : accepted.change.amount;
  return (
    <section className={classes.done} data-testid="receipt" aria-label={t('done.label')}>
      <div className={classes.top} role="status">
        <IconCircleCheck size={64} stroke={1.6} aria-hidden className={classes.icon} />
        <h2 className={classes.title}>{back ? t('done.title_return') : t('done.title')}</h2>
        <p className={classes.number} data-testid="number">
          {`${paper.register} · ${t('done.number', { number: accepted.number })}`}
        </p>
        <p className={classes.change} data-none={given === 0}>
          <span>{back ? t('done.refund') : given === 0 ? t('total') : t('done.change')}</span>
          <strong className="nv-figures" data-testid="given">
            {money(given === 0 ? accepted.total.amount : given)}
          </strong>
        </p>
        <p className={classes.state}>
          <StateChip state={operation} size="lg" />
          <StateAnnouncer number={accepted.number} state={operation} />
        </p>
      </div>
      <div className={classes.paper}>
        <ul className={classes.lines}>
          {paper.lines.map((line, index) => (
            <li key={index}>
              <span>
                {line.name}
                <small className="nv-figures">{`${quantity(line.quantity, line.unit)} × ${money(line.unitPrice)}`}</small>
              </span>
              <span className="nv-figures">{money(line.total)}</span>
            </li>
          ))}
        </ul>
        <dl className={classes.sums}>
          <div data-strong>
            <dt>{t('total')}</dt>
            <dd className="nv-figures">{money(paper.total)}</dd>
          </div>
          <div>
            <dt>{t('tax')}</dt>
            <dd className="nv-figures">{money(paper.tax)}</dd>
          </div>
          {paper.payments.map(({ method, amount }) => (
            <div key={method}>
              <dt>{t(`method.${method}`)}</dt>
              <dd className="nv-figures">{money(amount)}</dd>
            </div>
          ))}
        </dl>
        {email !== null && <p className={classes.mail}>{t('done.mail_going', { email })}</p>}
      </div>
      <div className={classes.actions}>
        <Button icon={<IconPrinter size={24} aria-hidden />} onClick={() => pos.print()} hint={keys.print}>
          {t('done.print')}
        </Button>
        <ButtonLink
          href={receiptPdf(accepted.saleId)}
          target="_blank"
          rel="noreferrer"
          icon={<IconFileTypePdf size={24} aria-hidden />}
        >
          {t('done.pdf')}
        </ButtonLink>
        {!back && <MailReceipt saleId={accepted.saleId} first={email ?? ''} wording={wording} />}
      </div>
      <footer className={classes.end}>
        {state.waiting > 0 && <p className={classes.waits}>{t('said.waits', { count: state.waiting })}</p>}
        <button
          ref={next}
          type="button"
          className={classes.next}
          onClick={() => pos.next()}
          aria-keyshortcuts="Enter F10"
          data-testid="next"
        >
          <span>
            {t('done.next')} <Key>{keys.confirm}</Key>
          </span>
          <small>{t('done.next_text')}</small>
        </button>
      </footer>
    </section>
  );
}
