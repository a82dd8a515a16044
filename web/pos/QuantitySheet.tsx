import { useId, useRef, useState } from 'react';
import { Button } from './Button';
import { findLine, type Line, nameOf } from './cart';
import entry from './Entry.module.css';
import { NumberPad, type PadKey } from './NumberPad';
import { isMeasured, type Product } from './product';
import { quantityFrom } from './reading';
import classes from './LineSheet.module.css';
import { Sheet } from './Sheet';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

/** How many, or what the scales say. */
export function QuantitySheet({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t } = wording;
  const line = findLine(state.cart, state.cart.selected);
  const product = line?.product;
  const title =
    product?.unit === 'm'
      ? t('quantity.title_length')
      : product && isMeasured(product)
        ? t('quantity.title_weight')
        : t('quantity.title');
  return (
    <Sheet opened={state.over === 'quantity'} onClose={() => pos.show(null)} title={title} size={420}>
      {line && product && <Quantity key={line.id} line={line} product={product} pos={pos} wording={wording} />}
    </Sheet>
  );
}

function Quantity({ line, product, pos, wording }: { line: Line; product: Product; pos: Pos; wording: Wording }) {
  const { t, money } = wording;
  const id = useId();
  const measured = isMeasured(product);
  const [text, setText] = useState(line.quantity === null ? '' : String(line.quantity / 1000).replace('.', ','));
  const [wrong, setWrong] = useState<string | null>(null);
  const replace = useRef(true);
  const put = (next: string): void => {
    replace.current = false;
    setWrong(null);
    setText(next);
  };
  const press = (key: PadKey): void => {
    const before = replace.current ? '' : text;
    if (key === 'erase') put(before.slice(0, -1));
    else if (key === ',') put(before.includes(',') ? before : `${before === '' ? '0' : before},`);
    else put(before + key);
  };
  const done = (): void => {
    const quantity = quantityFrom(text);
    if (quantity === null) return setWrong(t('quantity.wrong'));
    if (!measured && quantity % 1000 !== 0) return setWrong(t('quantity.whole'));
    pos.show(null);
    pos.setQuantity(line.id, quantity);
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <p className={classes.what}>
        <strong>{nameOf(line)}</strong>
        <span>
          {measured
            ? t('cart.per', { price: money(line.unitPrice ?? product.price), unit: t(`unit.${product.unit}`) })
            : t('cart.each', { price: money(line.unitPrice ?? product.price) })}
        </span>
      </p>
      <label className={entry.label} htmlFor={id}>
        {t('quantity.label', { unit: t(`unit.${product.unit}`) })}
      </label>
      <input
        id={id}
        className={`nv-figures ${entry.field}`}
        value={text}
        onChange={(event) => put(event.currentTarget.value.replace('.', ',').replace(/[^\d,]/g, ''))}
        onFocus={(event) => event.currentTarget.select()}
        onClick={({ currentTarget }) => replace.current && currentTarget.select()}
        inputMode="none"
        autoComplete="off"
        aria-invalid={wrong !== null}
        data-autofocus
        data-testid="quantity-entry"
      />
      {wrong !== null && (
        <p className={entry.wrong} role="alert">
          {wrong}
        </p>
      )}
      <NumberPad extra={measured ? ',' : '00'} onKey={press} />
      <Button type="submit" look="main">
        {t('quantity.set')}
      </Button>
    </form>
  );
}
