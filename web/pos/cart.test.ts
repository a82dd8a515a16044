import {
  add,
  amountOf,
  type Cart,
  clear,
  complete,
  emptyCart,
  mend,
  notFound,
  obstacleOf,
  one,
  refresh,
  remove,
  setPrice,
  setQuantity,
  shortOf,
  soldLines,
  tellProblems,
  totalsOf,
  undoLast,
} from './cart';
import type { Product } from './product';

const polera: Product = {
  variantId: 'v1',
  sku: 'POL-1',
  name: 'Polera',
  unit: 'unit',
  price: 12_990,
  taxRate: 0.19,
  imageUrl: null,
  available: 5_000,
  withdrawn: false,
};
const jeans: Product = { ...polera, variantId: 'v2', sku: 'JEA-1', name: 'Jeans', price: 29_990 };
const palta: Product = { ...polera, variantId: 'v3', sku: 'PAL-1', name: 'Palta', unit: 'kg', price: 4_990 };

let last = 0;
const scan = (cart: Cart, product: Product | null, quantity: number | null = null, code = product?.sku ?? 'C?'): Cart =>
  add(cart, { lineId: `l${++last}`, code, product, quantity });
const cartOf = (...products: Product[]): Cart =>
  products.reduce((cart, product) => scan(cart, product), emptyCart('c'));
const quantities = (cart: Cart) => cart.lines.map((line) => [line.product?.sku ?? line.code, line.quantity]);

describe('a scan', () => {
  it('raises the quantity of what is there, and brings it to the top', () => {
    const cart = cartOf(polera, jeans, polera);
    expect(quantities(cart)).toEqual([
      ['POL-1', 2_000],
      ['JEA-1', 1_000],
    ]);
    expect(cart.selected).toBe(cart.lines[0]?.id);
  });

  it('adds as many as were said', () => {
    expect(quantities(scan(cartOf(polera), polera, 3 * one))).toEqual([['POL-1', 4_000]]);
  });

  it('of what is weighed is a line each time, without a weight until the scales say', () => {
    const cart = cartOf(palta, palta);
    expect(quantities(cart)).toEqual([
      ['PAL-1', null],
      ['PAL-1', null],
    ]);
    expect(obstacleOf(cart)?.why).toBe('weigh');
    expect(quantities(scan(emptyCart('c'), palta, 350))).toEqual([['PAL-1', 350]]);
  });

  it('at another price than agreed is a line of its own', () => {
    const cart = cartOf(polera);
    const agreed = setPrice(cart, cart.lines[0]!.id, 9_990);
    expect(scan(agreed, polera).lines.map(({ unitPrice }) => unitPrice)).toEqual([null, 9_990]);
  });
});

describe('a code that the server has to tell', () => {
  it('is a line at once, and counts further scans of it', () => {
    const asked = scan(scan(emptyCart('c'), null, null, '780'), null, null, '780');
    expect(quantities(asked)).toEqual([['780', 2_000]]);
    expect(obstacleOf(asked)?.why).toBe('asking');
    expect(quantities(complete(asked, '780', polera))).toEqual([['POL-1', 2_000]]);
  });

  it('joins the line that is it already, and undoing the scan takes only what it added', () => {
    const cart = complete(scan(cartOf(polera), null, 2 * one, '780'), '780', polera);
    expect(quantities(cart)).toEqual([['POL-1', 3_000]]);
    expect(quantities(undoLast(cart))).toEqual([['POL-1', 1_000]]);
  });

  it('of something weighed asks for its weight, unless it was said', () => {
    const cart = complete(scan(emptyCart('c'), null, null, '780'), '780', palta);
    expect(cart.lines[0]?.quantity).toBeNull();
    const said = complete(scan(emptyCart('c'), null, 420, '781'), '781', palta);
    expect(said.lines[0]?.quantity).toBe(420);
  });

  it('that is nothing stays in sight and holds the sale up until it is removed', () => {
    const cart = notFound(scan(cartOf(polera), null, null, 'NADA'), 'NADA', 'unknown_code');
    expect(obstacleOf(cart)).toEqual({ why: 'unknown_code', lineId: cart.lines[0]?.id });
    expect(obstacleOf(mend(cart, cart.lines[0]!.id))).toBeNull();
  });
});

describe('undo', () => {
  it('puts a removed line back where it was', () => {
    const cart = cartOf(polera, jeans, palta);
    const without = remove(cart, cart.lines[1]!.id);
    expect(quantities(undoLast(without))).toEqual(quantities(cart));
  });

  it('brings quantity, price and the whole sale back, last first', () => {
    const cart = cartOf(polera);
    const { id } = cart.lines[0]!;
    const changed = clear(setPrice(setQuantity(cart, id, 4_000), id, 1_000), 'todo');
    expect(changed.lines).toEqual([]);
    const once = undoLast(changed);
    expect(once.lines[0]).toMatchObject({ quantity: 4_000, unitPrice: 1_000 });
    const twice = undoLast(once);
    expect(twice.lines[0]).toMatchObject({ quantity: 4_000, unitPrice: null });
    expect(undoLast(twice).lines[0]).toMatchObject({ quantity: 1_000 });
    expect(undoLast(undoLast(twice)).lines).toEqual([]);
  });

  it('of nothing is nothing', () => {
    const cart = emptyCart('c');
    expect(undoLast(cart)).toBe(cart);
  });
});

describe('the sum', () => {
  it('rounds each line, and splits its tax off as the server does', () => {
    const cart = setQuantity(cartOf(palta, polera), cartOf(palta, polera).lines[1]!.id, 1_000);
    const weighed = { ...cart, lines: cart.lines.map((line) => ({ ...line, quantity: line.quantity ?? 355 })) };
    expect(weighed.lines.map(amountOf)).toEqual([12_990, 1_771]);
    expect(totalsOf(weighed)).toEqual({ total: 14_761, tax: 2_074 + 283, pieces: 2 });
  });

  it('says how many pieces: of what is weighed one', () => {
    expect(totalsOf(scan(scan(emptyCart('c'), palta, 2_500), polera, 3_000)).pieces).toBe(4);
  });
});

describe('what the server refuses', () => {
  it('of missing stock: the rest stays, counting what other lines take', () => {
    const first = cartOf(polera);
    const agreed = setPrice(first, first.lines[0]!.id, 9_990);
    const cart = setQuantity(scan(agreed, polera), 'none', 1);
    const more = setQuantity(cart, cart.lines[0]!.id, 6_000);
    const told = tellProblems(more, new Map([['POL-1', { code: 'insufficient_stock', available: 3_000 }]]));
    expect(told.lines.every(({ problem }) => problem?.code === 'insufficient_stock')).toBe(true);
    expect(obstacleOf(told)).toBeNull();
    const mended = mend(told, told.lines[0]!.id);
    expect(mended.lines[0]).toMatchObject({ quantity: 2_000, problem: null });
    const none = tellProblems(cartOf(jeans), new Map([['JEA-1', { code: 'insufficient_stock', available: 0 }]]));
    expect(mend(none, none.lines[0]!.id).lines).toEqual([]);
  });

  it('of a price that changed: the new one counts once it is accepted', () => {
    const cart = tellProblems(cartOf(polera), new Map([['POL-1', { code: 'price_changed', price: 14_990 }]]));
    expect(obstacleOf(cart)?.why).toBe('problem');
    const mended = mend(cart, cart.lines[0]!.id);
    expect(obstacleOf(mended)).toBeNull();
    expect(soldLines(mended)).toEqual([{ sku: 'POL-1', quantity: '1.000', listPrice: 14_990 }]);
  });

  it.each(['product_withdrawn', 'unknown_sku'] as const)('of %s: without the line it goes', (code) => {
    const cart = tellProblems(cartOf(polera, jeans), new Map([['POL-1', { code }]]));
    expect(obstacleOf(cart)?.why).toBe('problem');
    expect(quantities(mend(cart, cart.lines[1]!.id))).toEqual([['JEA-1', 1_000]]);
  });

  it('another quantity takes the question of stock away, not that of the price', () => {
    const short = tellProblems(cartOf(polera), new Map([['POL-1', { code: 'insufficient_stock', available: 1_000 }]]));
    expect(setQuantity(short, short.lines[0]!.id, 500_000).lines[0]?.problem).toBeNull();
    const dear = tellProblems(cartOf(polera), new Map([['POL-1', { code: 'price_changed', price: 1 }]]));
    expect(setQuantity(dear, dear.lines[0]!.id, 2_000).lines[0]?.problem).not.toBeNull();
  });
});

describe('what is heard of a product meanwhile', () => {
  it('a price that became another is told and counts', () => {
    const cart = refresh(cartOf(polera), { ...polera, price: 13_990 });
    expect(cart.lines[0]).toMatchObject({ priceWas: 12_990 });
    expect(totalsOf(cart).total).toBe(13_990);
  });

  it('an agreed price stays agreed', () => {
    const cart = cartOf(polera);
    const agreed = setPrice(cart, cart.lines[0]!.id, 9_990);
    expect(refresh(agreed, { ...polera, price: 13_990 }).lines[0]).toMatchObject({ priceWas: null, unitPrice: 9_990 });
  });

  it('says what is left where the cart asks for more', () => {
    const cart = cartOf(polera);
    expect(shortOf(cart, cart.lines[0]!)).toBeNull();
    const much = setQuantity(cart, cart.lines[0]!.id, 6_000);
    expect(shortOf(much, much.lines[0]!)).toBe(5_000);
  });
});

it('lines are sold in the order of their scans', () => {
  expect(soldLines(cartOf(jeans, polera)).map(({ sku }) => sku)).toEqual(['JEA-1', 'POL-1']);
});
