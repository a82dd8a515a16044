import { IconBarcode } from '@tabler/icons-react';
import { currentLine, shortOf } from './cart';
import { CartLine } from './CartLine';
import classes from './CartList.module.css';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

/** What is being sold, newest first. */
export function CartList({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t } = wording;
  const { cart } = state;
  const label = cart.mode === 'return' ? t('cart.label_return') : t('cart.label');
  if (cart.lines.length === 0)
    return (
      <section className={classes.empty} aria-label={label}>
        <IconBarcode size={72} stroke={1.4} aria-hidden className={classes.icon} />
        <p className={classes.ask}>{cart.mode === 'return' ? t('cart.empty_return') : t('cart.empty')}</p>
        <p className={classes.text}>{t('cart.empty_text')}</p>
      </section>
    );
  const selected = currentLine(cart)?.id;
  return (
    <section className={classes.cart} aria-label={label}>
      <ul className={classes.list}>
        {cart.lines.map((line) => (
          <CartLine
            key={line.id}
            line={line}
            selected={line.id === selected}
            short={shortOf(cart, line)}
            pos={pos}
            wording={wording}
          />
        ))}
      </ul>
    </section>
  );
}
