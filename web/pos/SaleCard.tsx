import { IconArrowLeft, IconFileTypePdf, IconPrinter, IconReceiptRefund, IconRotate } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AcceptedSale, SaleDetail } from '../../api/sales/schemas';
import { parseQuantity } from '../../domain/quantity';
import { StateAnnouncer, StateChip } from '../components/StateChip';
import { readSale, receiptPdf } from './api';
import { Button, ButtonLink } from './Button';
import list from './List.module.css';
import { MailReceipt } from './MailReceipt';
import notice from './Notice.module.css';
import { type Paper, paperOfSale, unitOf } from './paper';
import { ProblemNote } from './ProblemNote';
import { ReturnForm } from './ReturnForm';
import classes from './SaleCard.module.css';
import type { SalesRights } from './SalesSheet';
import type { Pos, Till } from './store';
import { useAsked } from './useAsked';
import { useOperationState } from './useOperationState';
import { VoidForm } from './VoidForm';
import type { Wording } from './words';

export interface SaleParts {
  till: Till;
  pos: Pos;
  wording: Wording;
  currency: string;
  rights: SalesRights;
  onPrint: (paper: Paper) => void;
  onOpen: (saleId: string) => void;
  onBack: () => void;
}

type Step = 'look' | 'void' | 'return';

/** One document with what it has become since, and what may be done with it. */
export function SaleCard(props: SaleParts & { saleId: string }) {
  const { saleId, wording, onBack } = props;
  const { t, format } = wording;
  const { asked, again } = useAsked(useCallback(() => readSale(saleId), [saleId]));
  const [step, setStep] = useState<Step>('look');
  const [made, setMade] = useState<{ what: 'void' | 'return'; accepted: AcceptedSale } | null>(null);
  const onMade = (what: 'void' | 'return') => (accepted: AcceptedSale) => {
    setMade({ what, accepted });
    setStep('look');
    void again();
  };
  const top = useRef<HTMLButtonElement>(null);
  // In braces: a browser whose scrolling is a promise would have it called to clean up.
  useEffect(() => {
    top.current?.scrollIntoView({ block: 'start' });
  }, [step, made]);
  return (
    <>
      <Button
        ref={top}
        icon={<IconArrowLeft size={22} aria-hidden />}
        className={classes.back}
        onClick={() => (step === 'look' ? onBack() : setStep('look'))}
      >
        {t('sales.back')}
      </Button>
      {asked.kind === 'loading' && <div className={list.skeleton} aria-busy />}
      {asked.kind === 'failed' && <ProblemNote problem={asked.problem} />}
      {made && (
        <p className={notice.notice} data-kind="good" role="status" data-testid="made">
          <span>
            {t('sales.made', {
              what: t(`sales.kind.${made.what}`),
              number: made.accepted.number,
              amount: format.money(made.accepted.total),
            })}
          </span>
        </p>
      )}
      {asked.kind === 'ok' &&
        (step === 'void' ? (
          <VoidForm sale={asked.value} {...props} onMade={onMade('void')} />
        ) : step === 'return' ? (
          <ReturnForm sale={asked.value} {...props} onMade={onMade('return')} />
        ) : (
          <Look sale={asked.value} {...props} onStep={setStep} />
        ))}
    </>
  );
}

function Look(props: SaleParts & { sale: SaleDetail; onStep: (step: Step) => void }) {
  const { sale, till, wording, rights, onPrint, onOpen, onStep } = props;
  const { t, format, quantity } = wording;
  const operation = useOperationState(sale.operationId, sale.state);
  const left = sale.lines.some((line) => (parseQuantity(line.quantity) ?? 0) > (parseQuantity(line.returned) ?? 0));
  const returnable = sale.kind === 'sale' && !sale.voided && left;
  const closed = till.register.session === null;
  return (
    <article className={classes.sale} data-testid="sale-detail">
      <header className={classes.head}>
        <h3>{`${t(`sales.kind.${sale.kind}`)} ${t('done.number', { number: sale.number })}`}</h3>
        <p>{`${format.dateTime(sale.at)} · ${sale.register.name}${sale.cashier ? ` · ${sale.cashier.name}` : ''}`}</p>
        <p className={classes.marks}>
          <StateChip state={operation} size="lg" />
          <StateAnnouncer number={sale.number} state={operation} />
          {sale.voided && <strong>{t('sales.voided')}</strong>}
        </p>
      </header>
      <ul className={classes.lines} aria-label={t('sales.lines')}>
        {sale.lines.map((line) => (
          <li key={line.line}>
            <span>
              {line.name}
              <small className="nv-figures">
                {`${quantity(parseQuantity(line.quantity) ?? 0, unitOf(line.unit))} × ${format.money(line.unitPrice)}`}
                {(parseQuantity(line.returned) ?? 0) > 0 &&
                  ` · ${t('sales.returned', {
                    amount: quantity(parseQuantity(line.returned) ?? 0, unitOf(line.unit)),
                  })}`}
              </small>
            </span>
            <span className="nv-figures">{format.money(line.total)}</span>
          </li>
        ))}
      </ul>
      <dl className={classes.sums}>
        <div data-strong>
          <dt>{t('total')}</dt>
          <dd className="nv-figures">{format.money(sale.total)}</dd>
        </div>
        <div>
          <dt>{t('tax')}</dt>
          <dd className="nv-figures">{format.money(sale.tax)}</dd>
        </div>
        {sale.payments.map(({ method, amount }) => (
          <div key={method}>
            <dt>{t(`method.${method}`)}</dt>
            <dd className="nv-figures">{format.money(amount)}</dd>
          </div>
        ))}
        {sale.change.amount > 0 && (
          <div>
            <dt>{t('pay.change')}</dt>
            <dd className="nv-figures">{format.money(sale.change)}</dd>
          </div>
        )}
        {sale.customer && (
          <div>
            <dt>{t('sales.customer')}</dt>
            <dd>{sale.customer.name ?? sale.customer.email}</dd>
          </div>
        )}
        {sale.reason !== null && (
          <div>
            <dt>{t('sales.reason')}</dt>
            <dd>{sale.reason}</dd>
          </div>
        )}
      </dl>
      {sale.receipts.map((mail) => (
        <p key={mail.id} className={list.note}>
          {t(`sales.mail.${mail.state}`, { to: mail.to })}
        </p>
      ))}
      {sale.followers.length > 0 && (
        <ul className={list.rows}>
          {sale.followers.map((one) => (
            <li key={one.id}>
              <button type="button" className={list.row} onClick={() => onOpen(one.id)}>
                <span className={list.rowWords}>
                  <strong>{`${t(`sales.kind.${one.kind}`)} ${t('done.number', { number: one.number })}`}</strong>
                  <small>{format.dateTime(one.at)}</small>
                </span>
                <span className="nv-figures">{`−${format.money(one.total)}`}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={list.buttons}>
        <Button icon={<IconPrinter size={24} aria-hidden />} onClick={() => onPrint(paperOfSale(sale, null))}>
          {t('done.print')}
        </Button>
        <ButtonLink
          href={receiptPdf(sale.id)}
          target="_blank"
          rel="noreferrer"
          icon={<IconFileTypePdf size={24} aria-hidden />}
        >
          {t('done.pdf')}
        </ButtonLink>
        {sale.kind === 'sale' && <MailReceipt saleId={sale.id} first={sale.customer?.email ?? ''} wording={wording} />}
      </div>
      {returnable && (
        <>
          {closed && (
            <p className={notice.notice} data-kind="warn">
              <span>{t('sales.closed')}</span>
            </p>
          )}
          <div className={list.buttons}>
            {rights.return && (
              <Button
                icon={<IconReceiptRefund size={24} aria-hidden />}
                disabled={closed}
                onClick={() => onStep('return')}
              >
                {t('sales.return')}
              </Button>
            )}
            {rights.void && sale.voidable && (
              <Button icon={<IconRotate size={24} aria-hidden />} disabled={closed} onClick={() => onStep('void')}>
                {t('sales.void')}
              </Button>
            )}
          </div>
          {!rights.void && sale.voidable && <p className={list.note}>{t('sales.void_not')}</p>}
          {rights.void && !sale.voidable && <p className={list.note}>{t('sales.void_late')}</p>}
        </>
      )}
    </article>
  );
}
