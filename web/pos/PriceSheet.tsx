import { useState } from 'react';
import { AmountEntry } from './AmountEntry';
import { Button } from './Button';
import { findLine, type Line, nameOf } from './cart';
import classes from './LineSheet.module.css';
import type { Product } from './product';
import { Sheet } from './Sheet';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

interface Parts {
  state: PosState;
  pos: Pos;
  wording: Wording;
  currency: string;
}

/** Another price than the list's, for whoever may agree to one. The server keeps who did. */
export function PriceSheet({ state, pos, wording, currency }: Parts) {
  const line = findLine(state.cart, state.cart.selected);
  return (
    <Sheet opened={state.over === 'price'} onClose={() => pos.show(null)} title={wording.t('price.title')} size={420}>
      {line?.product && (
        <Price key={line.id} line={line} product={line.product} pos={pos} wording={wording} currency={currency} />
      )}
    </Sheet>
  );
}

function Price(props: Omit<Parts, 'state'> & { line: Line; product: Product }) {
  const { line, product, pos, wording, currency } = props;
  const { t, money } = wording;
  const [price, setPrice] = useState(line.unitPrice ?? product.price);
  const set = (next: number | null): void => {
    pos.setPrice(line.id, next);
    pos.show(null);
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        set(price);
      }}
    >
      <p className={classes.what}>
        <strong>{nameOf(line)}</strong>
        <span>{t('price.list', { price: money(product.price) })}</span>
      </p>
      <AmountEntry
        label={t('price.label')}
        value={price}
        currency={currency}
        onChange={setPrice}
        testId="price-entry"
      />
      <Button type="submit" look="main">
        {t('price.set')}
      </Button>
      {line.unitPrice !== null && <Button onClick={() => set(null)}>{t('price.reset')}</Button>}
    </form>
  );
}
