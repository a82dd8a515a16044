import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { AcceptedSale, SaleDetail } from '../../api/sales/schemas';
import { formatQuantity } from '../../domain/quantity';
import { type PaymentMethod, paymentMethods } from '../../domain/till';
import { useCommand } from '../components/desk/useCommand';
import { Button } from './Button';
import { unitOf } from './paper';
import { methodIcons } from './PaySheet';
import { ProblemNote } from './ProblemNote';
import { quantityFrom } from './reading';
import { refusalOf } from './refusal';
import form from './RegisterSheet.module.css';
import classes from './ReturnForm.module.css';
import { type Returnable, refundOf, returnables } from './returning';
import type { Till } from './store';
import { CheckEntry, TextEntry } from './TextEntry';
import type { Wording } from './words';

/** Some of a sale comes back: what, why, and how the money goes back. */
export function ReturnForm(props: {
  sale: SaleDetail;
  till: Till;
  wording: Wording;
  onMade: (accepted: AcceptedSale) => void;
}) {
  const { sale, till, wording, onMade } = props;
  const { t, money } = wording;
  const lines = returnables(sale);
  const [back, setBack] = useState<ReadonlyMap<number, number>>(new Map());
  const [reason, setReason] = useState('');
  const [method, setMethod] = useState<PaymentMethod>(sale.payments[0]?.method ?? 'cash');
  const [restock, setRestock] = useState(true);
  /** The server's own sum, where rounding made it another. */
  const [due, setDue] = useState<number | null>(null);
  const { run, busy, problem } = useCommand();
  const chosen = lines.filter(({ line }) => (back.get(line) ?? 0) > 0);
  const sum = due ?? chosen.reduce((total, line) => total + refundOf(line, back.get(line.line) ?? 0), 0);
  const put = (line: Returnable, quantity: number): void => {
    setDue(null);
    setBack(new Map(back).set(line.line, Math.min(Math.max(quantity, 0), line.left)));
  };
  const make = async (): Promise<void> => {
    const outcome = await run<AcceptedSale>({
      method: 'POST',
      path: `/sales/${sale.id}/return`,
      body: {
        registerId: till.register.id,
        reason: reason.trim(),
        lines: chosen.map(({ line }) => ({ line, quantity: formatQuantity(back.get(line) ?? 0) })),
        payments: sum === 0 ? [] : [{ method, amount: sum }],
        restock,
      },
    });
    if (outcome.kind === 'ok') onMade(outcome.value);
    else if (outcome.kind === 'problem') setDue(refusalOf(outcome.problem).due);
  };
  return (
    <form
      className={form.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0 && reason.trim() !== '') void make();
      }}
    >
      <h3 className={form.title}>{t('sales.return_title', { number: sale.number })}</h3>
      <p className={form.text}>{t('sales.return_pick')}</p>
      <ul className={classes.lines}>
        {lines.map((line) => (
          <ReturnLine key={line.line} line={line} quantity={back.get(line.line) ?? 0} wording={wording} onPut={put} />
        ))}
      </ul>
      <div className={classes.ways} role="radiogroup" aria-label={t('sales.return_way')}>
        {paymentMethods.map((way) => {
          const Icon = methodIcons[way];
          return (
            <button
              key={way}
              type="button"
              role="radio"
              className={classes.way}
              aria-checked={way === method}
              onClick={() => setMethod(way)}
            >
              <Icon size={26} stroke={1.8} aria-hidden />
              {t(`method.${way}`)}
            </button>
          );
        })}
      </div>
      <TextEntry label={t('sales.return_reason')} value={reason} onChange={setReason} field={{ maxLength: 300 }} />
      <CheckEntry label={t('pay.restock')} checked={restock} onChange={setRestock} />
      <ProblemNote problem={problem} />
      <Button
        type="submit"
        look="main"
        disabled={busy !== null || chosen.length === 0 || reason.trim() === ''}
        data-testid="return"
      >
        {chosen.length === 0 ? t('sales.return_nothing') : t('sales.return_yes', { amount: money(sum) })}
      </Button>
    </form>
  );
}

function ReturnLine(props: {
  line: Returnable;
  quantity: number;
  wording: Wording;
  onPut: (line: Returnable, quantity: number) => void;
}) {
  const { line, quantity, wording, onPut } = props;
  const { t, money, quantity: words } = wording;
  const unit = unitOf(line.unit);
  const whole = unit === 'unit';
  return (
    <li className={classes.line} data-testid="return-line">
      <span className={classes.words}>
        <strong>{line.name}</strong>
        <small>{`${money(line.unitPrice)} · ${t('sales.return_left', { quantity: words(line.left, unit) })}`}</small>
      </span>
      <span className={classes.count}>
        {whole ? (
          <>
            <button
              type="button"
              className={classes.step}
              onClick={() => onPut(line, quantity - 1000)}
              disabled={quantity === 0}
              aria-label={t('cart.less', { name: line.name })}
            >
              <IconMinus size={22} aria-hidden />
            </button>
            <output className="nv-figures">{words(quantity, unit)}</output>
            <button
              type="button"
              className={classes.step}
              onClick={() => onPut(line, quantity + 1000)}
              disabled={quantity >= line.left}
              aria-label={t('cart.more', { name: line.name })}
            >
              <IconPlus size={22} aria-hidden />
            </button>
          </>
        ) : (
          <input
            className={`nv-figures ${classes.weight}`}
            inputMode="decimal"
            defaultValue=""
            onChange={(event) => onPut(line, quantityFrom(event.currentTarget.value) ?? 0)}
            aria-label={t('sales.return_quantity', { name: line.name })}
          />
        )}
        <Button className={classes.all} onClick={() => onPut(line, line.left)} aria-pressed={quantity === line.left}>
          {t('sales.return_all')}
        </Button>
      </span>
    </li>
  );
}
