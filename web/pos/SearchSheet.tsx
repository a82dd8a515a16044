import { useEffect, useRef, useState } from 'react';
import { IconSearch } from '@tabler/icons-react';
import type { ListedVariant } from '../../domain/product';
import { readCategories, searchProducts } from './api';
import { Button } from './Button';
import { Picture } from './CartLine';
import { ScanStrip } from '../scan/ScanStrip';
import classes from './SearchSheet.module.css';
import { productOf } from './product';
import { Sheet } from './Sheet';
import type { Pos, PosState } from './store';
import { saidText, type Wording } from './words';

/** `of`: what was asked. */
type Found =
  | { kind: 'loading' }
  | { kind: 'failed'; of: string }
  | { kind: 'found'; of: string; items: ListedVariant[]; nextCursor: string | null };

/** While somebody types, only what stands still is asked for. */
const pauseMs = 150;

/** By name, SKU or code, or by category: what is tapped is added and the search stays; Enter adds and goes back. */
export function SearchSheet({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t } = wording;
  return (
    <Sheet opened={state.over === 'search'} onClose={() => pos.show(null)} title={t('search.title')} size={640}>
      {state.till && <Search siteId={state.till.siteId} state={state} pos={pos} wording={wording} />}
    </Sheet>
  );
}

function Search({ siteId, state, pos, wording }: { siteId: string; state: PosState; pos: Pos; wording: Wording }) {
  const { t, money, quantity } = wording;
  const [text, setText] = useState('');
  const [category, setCategory] = useState<string | null>(null);
  const [categories, setCategories] = useState<string[]>([]);
  const [active, setActive] = useState(0);
  const { found, isAnswer, more } = useSearch(siteId, text.trim(), category);
  const items = found.kind === 'found' ? found.items : [];
  /** Enter was pressed before the answer: it means the first of what is found. */
  const entered = useRef(false);
  useEffect(() => {
    setActive(0);
    entered.current = false;
  }, [text, category]);
  useEffect(() => {
    if (!entered.current || !isAnswer) return;
    entered.current = false;
    const [first] = found.kind === 'found' ? found.items : [];
    if (first) pos.addProduct(first, false);
  }, [found, isAnswer, pos]);
  useEffect(() => {
    let here = true;
    void readCategories().then((outcome) => {
      if (here && outcome.kind === 'ok') setCategories(outcome.value.items.map(({ name }) => name));
    });
    return () => {
      here = false;
    };
  }, []);
  const optionId = (variant: ListedVariant): string => `found-${variant.id}`;
  const chosen = items[active];
  return (
    <>
      <div className={classes.head}>
        <div className={classes.search}>
          <IconSearch size={26} aria-hidden className={classes.glass} />
          <input
            className={classes.input}
            type="search"
            role="combobox"
            aria-expanded={items.length > 0}
            aria-controls="found"
            {...(chosen && { 'aria-activedescendant': optionId(chosen) })}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown') setActive(Math.min(active + 1, items.length - 1));
              else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
              else if (event.key !== 'Enter') return;
              // Until the answer is there the list is of what was typed before; who has gone down in it means what they see.
              else if (!isAnswer && active === 0) entered.current = true;
              else if (chosen) pos.addProduct(chosen, false);
              event.preventDefault();
            }}
            aria-label={t('search.label')}
            placeholder={t('search.label')}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            enterKeyHint="done"
            data-autofocus
            data-testid="search"
          />
        </div>
        {categories.length > 0 && (
          <div className={classes.chips} role="group" aria-label={t('search.categories')}>
            {[null, ...categories].map((name) => (
              <button
                key={name ?? ''}
                type="button"
                className={classes.chip}
                aria-pressed={category === name}
                onClick={() => setCategory(name)}
              >
                {name ?? t('search.all')}
              </button>
            ))}
          </div>
        )}
      </div>
      {found.kind === 'failed' && <p className={classes.note}>{t('search.failed')}</p>}
      {found.kind === 'loading' && <div className={classes.skeleton} aria-busy />}
      {found.kind === 'found' && items.length === 0 && (
        <p className={classes.note}>
          {text.trim() === '' ? t('search.none_yet') : t('search.none', { text: text.trim() })}
        </p>
      )}
      {items.length > 0 && (
        <ul className={classes.list} id="found" role="listbox" aria-label={t('search.results')}>
          {items.map((variant, index) => {
            const product = productOf(variant);
            const { available } = product;
            return (
              <li
                key={variant.id}
                id={optionId(variant)}
                role="option"
                aria-selected={index === active}
                className={classes.row}
                data-testid="found"
                onClick={() => {
                  setActive(index);
                  pos.addProduct(variant, true);
                }}
              >
                <Picture url={product.imageUrl} />
                <span className={classes.words}>
                  <strong>{product.name}</strong>
                  <span className={classes.under}>
                    <span className="nv-code">{product.sku}</span>
                    <span data-none={available === 0}>
                      {available === null
                        ? t('search.stock_unknown')
                        : available > 0
                          ? t('search.stock', { quantity: quantity(available, product.unit) })
                          : t('search.no_stock')}
                    </span>
                  </span>
                </span>
                <span className={`nv-figures ${classes.price}`}>{money(product.price)}</span>
              </li>
            );
          })}
        </ul>
      )}
      {found.kind === 'found' && found.nextCursor !== null && <Button onClick={more}>{t('search.more')}</Button>}
      {state.said.kind !== 'ready' && (
        <div className={classes.said}>
          <ScanStrip said={state.said} words={saidText(state.said, wording)} />
        </div>
      )}
    </>
  );
}

/** The latest question's answer; an older one that comes late is not shown. */
function useSearch(siteId: string, q: string, category: string | null) {
  const [found, setFound] = useState<Found>({ kind: 'loading' });
  const turn = useRef(0);
  const of = JSON.stringify([siteId, q, category]);
  useEffect(() => {
    const mine = (turn.current += 1);
    const ask = async () => {
      const outcome = await searchProducts(siteId, {
        ...(q !== '' && { q }),
        ...(category !== null && { category }),
        limit: 30,
      });
      if (turn.current !== mine) return;
      setFound(outcome.kind === 'ok' ? { kind: 'found', of, ...outcome.value } : { kind: 'failed', of });
    };
    const timer = window.setTimeout(() => void ask(), q === '' ? 0 : pauseMs);
    return () => window.clearTimeout(timer);
  }, [siteId, q, category, of]);
  const more = async (): Promise<void> => {
    if (found.kind !== 'found' || found.nextCursor === null) return;
    const mine = turn.current;
    const outcome = await searchProducts(siteId, {
      ...(q !== '' && { q }),
      ...(category !== null && { category }),
      cursor: found.nextCursor,
      limit: 30,
    });
    if (turn.current !== mine || outcome.kind !== 'ok') return;
    setFound({ ...outcome.value, kind: 'found', of, items: [...found.items, ...outcome.value.items] });
  };
  return { found, isAnswer: found.kind !== 'loading' && found.of === of, more: () => void more() };
}
