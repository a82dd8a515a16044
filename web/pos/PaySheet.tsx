import { IconBuildingBank, IconCash, IconCreditCard } from '@tabler/icons-react';
import { useState } from 'react';
import { type PaymentMethod, paymentMethods } from '../../domain/till';
import { AmountEntry } from './AmountEntry';
import { Button, Key } from './Button';
import { keys, methodKeys } from './key-names';
import { likelyCash, type Payment, stateOf } from './payment';
import classes from './PaySheet.module.css';
import { Sheet } from './Sheet';
import type { Pos, PosState } from './store';
import { CheckEntry, TextEntry } from './TextEntry';
import type { Wording } from './words';

export const methodIcons = { cash: IconCash, card: IconCreditCard, transfer: IconBuildingBank };

interface Parts {
  state: PosState;
  pos: Pos;
  wording: Wording;
  currency: string;
}

/** How it is paid, or given back; the change is the largest figure on it. */
export function PaySheet(props: Parts) {
  const { state, pos, wording } = props;
  const { payment, over, cart } = state;
  const title = cart.mode === 'return' ? wording.t('pay.title_return') : wording.t('pay.title');
  return (
    <Sheet opened={over === 'pay' && payment !== null} onClose={() => pos.show(null)} title={title} size={560}>
      {payment && <Pay {...props} payment={payment} />}
    </Sheet>
  );
}

const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function Pay({ state, pos, wording, currency, payment }: Parts & { payment: Payment }) {
  const { t, money } = wording;
  const { total, exact, active, amounts } = payment;
  const { missing, change, fits } = stateOf(payment);
  /** What the other ways leave for cash. */
  const cashDue = Math.max(total - amounts.card - amounts.transfer, 0);
  const [told, setTold] = useState(false);
  const sending = state.sending === 'sending';
  const wrongEmail = state.email.trim() !== '' && !address.test(state.email.trim());
  const noReason = exact && state.reason.trim() === '';
  const confirm = (): void => {
    setTold(true);
    if (!wrongEmail && !noReason) void pos.submit();
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
      noValidate
    >
      <p className={classes.due}>
        <span>{exact ? t('pay.due_return') : t('pay.due')}</span>
        <strong className="nv-figures" data-testid="due">
          {money(total)}
        </strong>
      </p>
      {state.trouble?.due != null && (
        <p className={classes.trouble} role="alert">
          {t('pay.mismatch', { amount: money(state.trouble.due) })}
        </p>
      )}
      <div className={classes.ways} role="radiogroup" aria-label={t('pay.ways')}>
        {paymentMethods.map((method) => (
          <Way key={method} method={method} payment={payment} pos={pos} wording={wording} />
        ))}
      </div>
      <AmountEntry
        label={exact ? t('pay.amount_return') : t(`pay.amount_${active}`)}
        value={amounts[active]}
        currency={currency}
        onChange={(amount) => pos.amount(amount)}
        fresh={active}
        testId="pay-amount"
      >
        {active === 'cash' && !exact && (
          <div className={classes.quick} role="group" aria-label={t('pay.quick')}>
            {[cashDue, ...likelyCash(cashDue, currency)].map((sum, index) => (
              <Button key={sum} onClick={() => pos.amount(sum)}>
                {index === 0 ? t('pay.exact') : money(sum)}
              </Button>
            ))}
          </div>
        )}
      </AmountEntry>
      <div className={classes.more}>
        {exact ? (
          <>
            <TextEntry
              label={t('pay.reason')}
              value={state.reason}
              onChange={(reason) => pos.fill({ reason })}
              error={told && noReason ? t('pay.reason') : null}
              field={{ maxLength: 300 }}
            />
            <CheckEntry
              label={t('pay.restock')}
              checked={state.restock}
              onChange={(restock) => pos.fill({ restock })}
            />
          </>
        ) : (
          <TextEntry
            label={t('pay.email')}
            value={state.email}
            onChange={(email) => pos.fill({ email })}
            error={wrongEmail && told ? t('pay.email_wrong') : null}
            field={
              {
                type: 'email',
                inputMode: 'email',
                autoCapitalize: 'off',
                maxLength: 254,
                'data-testid': 'email',
              } as never
            }
          />
        )}
      </div>
      <footer className={classes.end}>
        <p className={classes.change} data-look={missing > 0 || !fits ? 'missing' : 'fits'} role="status">
          {missing > 0 ? (
            t('pay.missing', { amount: money(missing) })
          ) : !fits ? (
            exact ? (
              t('pay.too_much_return', { amount: money(change) })
            ) : (
              t('pay.too_much', { amount: money(change) })
            )
          ) : change > 0 ? (
            <>
              <span>{t('pay.change')}</span>
              <strong className="nv-figures" data-testid="change">
                {money(change)}
              </strong>
            </>
          ) : (
            !exact && t('pay.change_none')
          )}
        </p>
        <button
          type="submit"
          className={classes.confirm}
          disabled={!fits || sending}
          aria-keyshortcuts="Enter F10"
          data-testid="confirm-pay"
        >
          {sending
            ? exact
              ? t('charge.sending_return')
              : t('charge.sending')
            : exact
              ? t('pay.confirm_return', { amount: money(total) })
              : t('pay.confirm', { amount: money(total) })}
          <Key>{keys.confirm}</Key>
        </button>
      </footer>
    </form>
  );
}

function Way({
  method,
  payment,
  pos,
  wording,
}: {
  method: PaymentMethod;
  payment: Payment;
  pos: Pos;
  wording: Wording;
}) {
  const { t, money } = wording;
  const Icon = methodIcons[method];
  const amount = payment.amounts[method];
  return (
    <button
      type="button"
      role="radio"
      className={classes.way}
      aria-checked={payment.active === method}
      aria-keyshortcuts={methodKeys[method]}
      onClick={() => pos.choose(method)}
      data-testid={`way-${method}`}
    >
      <Icon size={28} stroke={1.8} aria-hidden />
      <span className={classes.wayName}>{t(`method.${method}`)}</span>
      <span className="nv-figures">{amount > 0 ? money(amount) : '–'}</span>
      <Key>{methodKeys[method]}</Key>
    </button>
  );
}
