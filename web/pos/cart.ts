import { lineTotal, splitTax } from '../../domain/money';
import { formatQuantity } from '../../domain/quantity';
import { isMeasured, type Product } from './product';

/** What is on the screen and not paid yet: pure. Newest line first, as the last scan is what the cashier looks at. */

/** The server takes no more. */
export const maxLines = 500;
/** One unit in thousandths. */
export const one = 1000;

/** Why a line cannot be sold as it stands, and what is needed to mend it. */
export type LineProblem =
  | { code: 'insufficient_stock'; available: number }
  | { code: 'price_changed'; price: number }
  | { code: 'product_withdrawn' | 'unknown_sku' | 'unknown_code' | 'quantity_not_whole' | 'bad_quantity' };

export interface Line {
  id: string;
  /** What was scanned, or the SKU. */
  code: string;
  /** Null until the server has said what the code is, and for ever when it is nothing. */
  product: Product | null;
  /** Thousandths; null = sold by weight and not weighed yet. */
  quantity: number | null;
  /** The cashier said how many. */
  byHand: boolean;
  /** Agreed with the customer; null = the list price. */
  unitPrice: number | null;
  lookup: 'asking' | 'known' | 'unreachable';
  problem: LineProblem | null;
  /** The list price before it changed while the line was on the screen. */
  priceWas: number | null;
}

type Undo = { label: string } & (
  | { kind: 'add'; lineId: string; quantity: number }
  /** The line as it was, and where. */
  | { kind: 'restore'; line: Line; index: number }
  /** All lines as they were. */
  | { kind: 'clear'; lines: readonly Line[] }
);

export interface Cart {
  id: string;
  mode: 'sale' | 'return';
  lines: readonly Line[];
  selected: string | null;
  /** The parked ticket that this was. */
  ticket: { id: string; name: string | null } | null;
  undo: readonly Undo[];
}

const maxUndo = 50;

export function emptyCart(id: string, mode: Cart['mode'] = 'sale'): Cart {
  return { id, mode, lines: [], selected: null, ticket: null, undo: [] };
}

export const isEmpty = (cart: Cart): boolean => cart.lines.length === 0;

export const findLine = (cart: Cart, id: string | null): Line | undefined => cart.lines.find((line) => line.id === id);

/** The line that keys act on: the chosen one, else the newest. */
export const currentLine = (cart: Cart): Line | undefined => findLine(cart, cart.selected) ?? cart.lines[0];

export const nameOf = (line: Line): string => line.product?.name ?? line.code;

export const priceOf = (line: Line): number | null => line.unitPrice ?? line.product?.price ?? null;

export function amountOf(line: Line): number {
  const price = priceOf(line);
  return price === null || line.quantity === null ? 0 : lineTotal(price, line.quantity);
}

export interface Adding {
  lineId: string;
  code: string;
  product: Product | null;
  /** Thousandths; null = one, or what the scales will say. */
  quantity: number | null;
}

/** A scan: one more of what is there already, else a line of its own. What is weighed is a line each time. */
export function add(cart: Cart, { lineId, code, product, quantity }: Adding): Cart {
  const much = quantity ?? one;
  const there = cart.lines.find((line) => canTake(line, code, product, quantity));
  if (there) {
    const raised: Line = { ...there, quantity: (there.quantity ?? 0) + much, problem: lasting(there.problem) };
    return remember(toTop(cart, raised), { label: nameOf(there), kind: 'add', lineId: there.id, quantity: much });
  }
  const line: Line = {
    id: lineId,
    code,
    product,
    quantity: product && isMeasured(product) ? quantity : much,
    byHand: quantity !== null,
    unitPrice: null,
    lookup: product ? 'known' : 'asking',
    problem: null,
    priceWas: null,
  };
  return remember(toTop(cart, line), { label: nameOf(line), kind: 'add', lineId, quantity: much });
}

function canTake(line: Line, code: string, product: Product | null, quantity: number | null): boolean {
  if (product === null) return line.product === null && line.code === code && line.byHand === (quantity !== null);
  return line.product?.variantId === product.variantId && !isMeasured(product) && line.unitPrice === null;
}

/** A problem that more or less of it does not solve. */
const lasting = (problem: LineProblem | null): LineProblem | null =>
  problem?.code === 'insufficient_stock' || problem?.code === 'quantity_not_whole' || problem?.code === 'bad_quantity'
    ? null
    : problem;

function toTop(cart: Cart, line: Line): Cart {
  return { ...cart, lines: [line, ...cart.lines.filter(({ id }) => id !== line.id)], selected: line.id };
}

const remember = (cart: Cart, undo: Undo): Cart => ({ ...cart, undo: [...cart.undo, undo].slice(-maxUndo) });

function change(cart: Cart, id: string, how: (line: Line) => Line): Cart {
  return { ...cart, lines: cart.lines.map((line) => (line.id === id ? how(line) : line)) };
}

/** The server has said what a code is: lines that waited for it become it, or join the line that is it already. */
export function complete(cart: Cart, code: string, product: Product): Cart {
  let next = refresh(cart, product);
  for (const line of next.lines.filter((one) => one.product === null && one.code === code)) {
    const twin =
      isMeasured(product) || line.unitPrice !== null
        ? undefined
        : next.lines.find((one) => one.product?.variantId === product.variantId && one.unitPrice === null);
    if (twin) {
      next = join(next, line, twin);
      continue;
    }
    const quantity = isMeasured(product) && !line.byHand ? null : line.quantity;
    next = change(next, line.id, (was) => ({ ...was, product, quantity, lookup: 'known', problem: null }));
  }
  return { ...next, undo: next.undo.map((undo) => (undo.label === code ? { ...undo, label: product.name } : undo)) };
}

function join(cart: Cart, from: Line, into: Line): Cart {
  const lines = cart.lines
    .filter(({ id }) => id !== from.id)
    .map((line) => (line.id === into.id ? { ...line, quantity: (line.quantity ?? 0) + (from.quantity ?? one) } : line));
  const undo = cart.undo.map((entry) =>
    entry.kind === 'add' && entry.lineId === from.id ? { ...entry, lineId: into.id } : entry,
  );
  return { ...cart, lines, undo, selected: cart.selected === from.id ? into.id : cart.selected };
}

/** What is known of a product by now, for the lines that are it. A price that became another is told. */
export function refresh(cart: Cart, product: Product): Cart {
  if (!cart.lines.some((line) => line.product?.variantId === product.variantId)) return cart;
  return {
    ...cart,
    lines: cart.lines.map((line) => {
      if (line.product?.variantId !== product.variantId) return line;
      const moved = line.product.price !== product.price && line.unitPrice === null;
      return {
        ...line,
        product: { ...product, available: product.available ?? line.product.available },
        ...(moved && { priceWas: line.product.price }),
      };
    }),
  };
}

/** The code is nothing, or nobody could be asked. */
export function notFound(cart: Cart, code: string, why: 'unknown_code' | 'unreachable'): Cart {
  return {
    ...cart,
    lines: cart.lines.map((line) =>
      line.product !== null || line.code !== code
        ? line
        : why === 'unreachable'
          ? { ...line, lookup: 'unreachable' }
          : { ...line, lookup: 'known', problem: { code: 'unknown_code' } },
    ),
  };
}

export function askingFor(cart: Cart, code: string): Cart {
  const lines = cart.lines.map((line): Line =>
    line.product === null && line.code === code ? { ...line, lookup: 'asking', problem: null } : line,
  );
  return { ...cart, lines };
}

/** Codes that are still to be told. */
export const unresolved = (cart: Cart): string[] => [
  ...new Set(cart.lines.filter(({ lookup }) => lookup !== 'known').map(({ code }) => code)),
];

export function setQuantity(cart: Cart, id: string, quantity: number): Cart {
  const line = findLine(cart, id);
  if (!line || line.quantity === quantity) return cart;
  if (quantity <= 0) return remove(cart, id);
  const changed = change(cart, id, (was) => ({ ...was, quantity, byHand: true, problem: lasting(was.problem) }));
  return { ...restorable(changed, cart, line), selected: id };
}

/** `unitPrice` null = the list price again. */
export function setPrice(cart: Cart, id: string, unitPrice: number | null): Cart {
  const line = findLine(cart, id);
  if (!line?.product) return cart;
  const own = unitPrice === line.product.price ? null : unitPrice;
  const changed = change(cart, id, (was) => ({ ...was, unitPrice: own, priceWas: null }));
  return { ...restorable(changed, cart, line), selected: id };
}

export function remove(cart: Cart, id: string): Cart {
  const index = cart.lines.findIndex((line) => line.id === id);
  const line = cart.lines[index];
  if (!line) return cart;
  const lines = cart.lines.filter((one) => one.id !== id);
  const selected = lines[Math.min(index, lines.length - 1)]?.id ?? null;
  return { ...restorable({ ...cart, lines }, cart, line), selected };
}

/** Everything off the counter; one press brings it back. */
export function clear(cart: Cart, label: string): Cart {
  if (cart.lines.length === 0) return cart;
  return remember({ ...cart, lines: [], selected: null }, { label, kind: 'clear', lines: cart.lines });
}

/** After `changed`, undoing puts `line` back as it was in `before`. */
function restorable(changed: Cart, before: Cart, line: Line): Cart {
  const index = before.lines.findIndex(({ id }) => id === line.id);
  return remember(changed, { label: nameOf(line), kind: 'restore', line, index });
}

/** Takes the last change back: of a scan what it added, else the line as it was. */
export function undoLast(cart: Cart): Cart {
  const last = cart.undo.at(-1);
  if (!last) return cart;
  const undo = cart.undo.slice(0, -1);
  if (last.kind === 'add') {
    const line = findLine(cart, last.lineId);
    if (!line) return { ...cart, undo };
    const left = (line.quantity ?? 0) - last.quantity;
    const lines =
      left > 0
        ? cart.lines.map((one) => (one === line ? { ...line, quantity: left, problem: lasting(line.problem) } : one))
        : cart.lines.filter((one) => one !== line);
    return { ...cart, lines, undo, selected: lines.some(({ id }) => id === cart.selected) ? cart.selected : null };
  }
  if (last.kind === 'clear') return { ...cart, lines: [...cart.lines, ...last.lines], undo };
  const there = findLine(cart, last.line.id);
  const lines = there
    ? cart.lines.map((line) => (line === there ? restored(last.line, there) : line))
    : [...cart.lines.slice(0, last.index), last.line, ...cart.lines.slice(last.index)];
  return { ...cart, lines, undo, selected: last.line.id };
}

/** As it was, but for what the server has said of it since. */
const restored = (was: Line, now: Line): Line => ({ ...was, product: now.product, lookup: now.lookup });

export function select(cart: Cart, id: string): Cart {
  return cart.selected === id ? cart : { ...cart, selected: id };
}

/** To the line above (−1) or below (+1). */
export function selectNext(cart: Cart, step: -1 | 1): Cart {
  const at = cart.lines.findIndex(({ id }) => id === currentLine(cart)?.id);
  const to = cart.lines[Math.min(Math.max(at + step, 0), cart.lines.length - 1)];
  return to ? select(cart, to.id) : cart;
}

/** What the server refused, beside the lines that it is about; by SKU. */
export function tellProblems(cart: Cart, problems: ReadonlyMap<string, LineProblem>): Cart {
  const lines = cart.lines.map((line) => {
    const problem = line.product && problems.get(line.product.sku);
    return problem ? { ...line, problem } : line;
  });
  const first = lines.find(({ product }) => product && problems.has(product.sku));
  return { ...cart, lines, selected: first?.id ?? cart.selected };
}

/** Does what solves the line's problem: less of it, its new price, or without it. */
export function mend(cart: Cart, id: string): Cart {
  const line = findLine(cart, id);
  if (!line?.problem) return cart;
  const { problem, product } = line;
  switch (problem.code) {
    case 'insufficient_stock': {
      const others = cart.lines
        .filter((one) => one.id !== id && one.product?.variantId === product?.variantId)
        .reduce((sum, one) => sum + (one.quantity ?? 0), 0);
      const left = problem.available - others;
      return left > 0 ? setQuantity(cart, id, left) : remove(cart, id);
    }
    case 'price_changed': {
      if (!product) return cart;
      const mended = change(cart, id, (was) => ({
        ...was,
        product: { ...product, price: problem.price },
        unitPrice: null,
        problem: null,
        priceWas: null,
      }));
      return select(mended, id);
    }
    case 'product_withdrawn':
    case 'unknown_sku':
    case 'unknown_code':
      return remove(cart, id);
    case 'quantity_not_whole':
    case 'bad_quantity':
      // How many instead is for the cashier to say.
      return select(cart, id);
  }
}

export interface Totals {
  total: number;
  tax: number;
  /** Pieces; what is weighed counts as one. */
  pieces: number;
}

export function totalsOf(cart: Cart): Totals {
  let [total, tax, pieces] = [0, 0, 0];
  for (const line of cart.lines) {
    if (!line.product) continue;
    const amount = amountOf(line);
    total += amount;
    tax += splitTax(amount, line.product.taxRate).tax;
    pieces += isMeasured(line.product) ? 1 : (line.quantity ?? 0) / one;
  }
  return { total, tax, pieces };
}

export type Obstacle = 'empty' | 'asking' | 'unknown_code' | 'weigh' | 'problem';

/** Why it cannot be charged yet; null = it can. Missing stock is for the server to say: it may have come meanwhile. */
export function obstacleOf(cart: Cart): { why: Obstacle; lineId: string | null } | null {
  if (cart.lines.length === 0) return { why: 'empty', lineId: null };
  const found = (why: Obstacle, is: (line: Line) => boolean) => {
    const line = cart.lines.find(is);
    return line ? { why, lineId: line.id } : null;
  };
  return (
    found('unknown_code', ({ problem }) => problem?.code === 'unknown_code') ??
    found('problem', ({ problem }) => problem !== null && problem.code !== 'insufficient_stock') ??
    found('weigh', ({ product, quantity }) => product !== null && quantity === null) ??
    found('asking', ({ product }) => product === null)
  );
}

/** How much less there is at the site than all lines of this product ask for; null = enough, or nobody knows. */
export function shortOf(cart: Cart, line: Line): number | null {
  const { product } = line;
  if (product?.available == null || cart.mode === 'return') return null;
  const wanted = cart.lines
    .filter((one) => one.product?.variantId === product.variantId)
    .reduce((sum, one) => sum + (one.quantity ?? 0), 0);
  return wanted > product.available ? Math.max(product.available, 0) : null;
}

export interface SoldLine {
  sku: string;
  quantity: string;
  unitPrice?: number;
  listPrice?: number;
}

/** As the server takes them, in the order of the scans. Of a return there is no list price to compare. */
export function soldLines(cart: Cart): SoldLine[] {
  return cart.lines
    .flatMap((line): SoldLine[] =>
      line.product === null || line.quantity === null
        ? []
        : [
            {
              sku: line.product.sku,
              quantity: formatQuantity(line.quantity),
              ...(line.unitPrice !== null && { unitPrice: line.unitPrice }),
              ...(cart.mode === 'sale' && { listPrice: line.product.price }),
            },
          ],
    )
    .reverse();
}

/** As a parked ticket takes them: what is agreed stays agreed, the list price is that of the day on which it is paid. */
export const parkedLines = (cart: Cart): SoldLine[] => soldLines(cart).map(({ listPrice: _, ...line }) => line);
