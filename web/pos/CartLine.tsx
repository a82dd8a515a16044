import { IconAlertTriangle, IconMinus, IconPhotoOff, IconPlus, IconScaleOutline, IconX } from '@tabler/icons-react';
import { memo, useEffect, useRef } from 'react';
import { amountOf, type Line, nameOf, priceOf } from './cart';
import classes from './CartLine.module.css';
import { isMeasured } from './product';
import type { Pos } from './store';
import { mendWords, problemWords, type Wording } from './words';

/** One line of the cart. Drawn again only when it changed itself, so that sixty of them stay fluid. */
export const CartLine = memo(function CartLine(props: {
  line: Line;
  selected: boolean;
  /** What the site has, where it is less than the cart asks for; thousandths. */
  short: number | null;
  pos: Pos;
  wording: Wording;
}) {
  const { line, selected, short, pos, wording } = props;
  const { t, money, quantity } = wording;
  const { product, problem } = line;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const name = nameOf(line);
  const measured = product !== null && isMeasured(product);
  const own = line.unitPrice !== null;
  const each = money(priceOf(line) ?? 0);
  const price = measured
    ? t('cart.per', { price: each, unit: t(`unit.${product.unit}`) })
    : t('cart.each', { price: each });
  return (
    <li
      ref={row}
      className={classes.line}
      data-testid="line"
      data-code={product?.sku ?? line.code}
      data-selected={selected}
      data-look={problem ? 'problem' : product === null ? 'unknown' : 'known'}
      aria-current={selected}
      onPointerDown={() => pos.select(line.id)}
    >
      <Picture url={product?.imageUrl ?? null} />
      <div className={classes.body}>
        <p className={classes.name}>{name}</p>
        {product ? (
          <p className={classes.detail}>
            {pos.mayPrice ? (
              <button
                type="button"
                className={classes.price}
                data-own={own}
                onClick={() => pos.change('price', line.id)}
                aria-label={t('cart.price', { name })}
              >
                {price}
              </button>
            ) : (
              <span data-own={own}>{price}</span>
            )}
            {own && <s className={classes.list}>{money(product.price)}</s>}
            <span className={`nv-code ${classes.sku}`}>{product.sku}</span>
          </p>
        ) : (
          !problem && (
            <p className={classes.detail}>{line.lookup === 'unreachable' ? t('cart.unreachable') : t('cart.asking')}</p>
          )
        )}
        {line.priceWas !== null && !problem && (
          <p className={classes.note}>{t('cart.price_was', { price: money(line.priceWas) })}</p>
        )}
        {short !== null && !problem && product && (
          <p className={classes.note}>
            {short > 0 ? t('problem.short', { quantity: quantity(short, product.unit) }) : t('problem.short_none')}
          </p>
        )}
      </div>
      <div className={classes.count}>
        {!measured && (
          <button
            type="button"
            className={classes.step}
            onClick={() => pos.step(-1, line.id)}
            aria-label={t('cart.less', { name })}
          >
            <IconMinus size={22} stroke={2.4} aria-hidden />
          </button>
        )}
        <button
          type="button"
          className={`nv-figures ${classes.quantity}`}
          data-testid="quantity"
          disabled={!product}
          onClick={() => pos.change('quantity', line.id)}
          aria-label={t('cart.quantity', { name })}
          aria-description={line.quantity === null ? t('cart.weigh') : quantity(line.quantity, product?.unit ?? 'unit')}
        >
          {line.quantity === null ? (
            <span className={classes.weigh}>
              <IconScaleOutline size={22} aria-hidden /> {t('cart.weigh')}
            </span>
          ) : (
            quantity(line.quantity, product?.unit ?? 'unit')
          )}
        </button>
        {!measured && (
          <button
            type="button"
            className={classes.step}
            onClick={() => pos.step(1, line.id)}
            aria-label={t('cart.more', { name })}
          >
            <IconPlus size={22} stroke={2.4} aria-hidden />
          </button>
        )}
      </div>
      <p className={`nv-figures ${classes.amount}`} data-testid="amount">
        {product ? money(amountOf(line)) : '—'}
      </p>
      <button
        type="button"
        className={classes.remove}
        onClick={() => pos.remove(line.id)}
        aria-label={t('cart.remove', { name })}
      >
        <IconX size={22} stroke={2.2} aria-hidden />
      </button>
      {(problem !== null || line.lookup === 'unreachable') && (
        <div className={classes.problem} role="alert" data-testid="problem">
          <IconAlertTriangle size={24} aria-hidden />
          <span>{problem ? problemWords(problem, line, wording) : t('cart.unreachable')}</span>
          <button
            type="button"
            className={classes.mend}
            onClick={() => (problem ? pos.mend(line.id) : pos.lookAgain(line.code))}
          >
            {problem ? mendWords(problem, line, wording) : t('cart.look_again')}
          </button>
        </div>
      )}
    </li>
  );
});

export function Picture({ url }: { url: string | null }) {
  return (
    <span className={classes.picture} aria-hidden>
      {url === null ? (
        <IconPhotoOff size={22} stroke={1.6} />
      ) : (
        <img src={url} alt="" loading="lazy" decoding="async" width={52} height={52} />
      )}
    </span>
  );
}
