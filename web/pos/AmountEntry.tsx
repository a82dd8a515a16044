import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useFormat } from '../i18n/format';
import classes from './Entry.module.css';
import { NumberPad, type PadKey } from './NumberPad';
import { mostAmount } from './payment';

const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;

/**
 * An amount of money, in minor units: by the keys of a keyboard or by its own pad. What stands there when the field is entered is
 * replaced by the first figure. `fresh` changes when something else (a way to pay) put the amount there.
 */
export function AmountEntry(props: {
  label: string;
  value: number;
  currency: string;
  onChange: (amount: number) => void;
  fresh?: string | number;
  testId?: string;
  /** Beside the pad. */
  children?: ReactNode;
}) {
  const { label, value, currency, onChange, fresh, testId, children } = props;
  const format = useFormat();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  /** The next figure starts a new amount. */
  const replace = useRef(true);
  useEffect(() => {
    replace.current = true;
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, [fresh]);
  const put = (text: string): void => {
    // Of a code that is scanned into the field nothing is an amount.
    if (/\p{L}/u.test(text.replace(currency, ''))) return;
    const digits = text.replace(/\D/g, '').slice(-13);
    replace.current = false;
    onChange(Math.min(Number(digits), mostAmount));
  };
  const press = (key: PadKey): void => {
    const before = replace.current ? '' : String(value);
    if (key === 'erase') put(replace.current ? '' : before.slice(0, -1));
    else put(before + key);
  };
  return (
    <div className={classes.entry}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <input
        ref={field}
        id={id}
        className={`nv-figures ${classes.field}`}
        value={format.money({ amount: value, currency })}
        onChange={(event) => put(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        // A figure within an amount is a slip of the hand: it goes to the end, or starts anew.
        onClick={({ currentTarget }) => {
          const end = currentTarget.value.length;
          currentTarget.setSelectionRange(replace.current ? 0 : end, end);
        }}
        inputMode="none"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...(testId !== undefined && { 'data-testid': testId })}
      />
      <div className={children ? classes.beside : undefined}>
        <NumberPad extra={decimalsOf(currency) === 0 ? '000' : '00'} onKey={press} />
        {children}
      </div>
    </div>
  );
}
