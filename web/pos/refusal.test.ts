import { isAnswer, refusalOf } from './refusal';

const money = (amount: number) => ({ amount, currency: 'CLP' });
const linesOf = (problem: Parameters<typeof refusalOf>[0]) => [...refusalOf(problem).lines];

it('says of which products there is not enough, and how much there is', () => {
  const problem = { code: 'insufficient_stock', lines: [{ sku: 'A', wanted: '3.000', available: '1.500' }] };
  expect(linesOf(problem)).toEqual([['A', { code: 'insufficient_stock', available: 1_500 }]]);
});

it('says the new prices', () => {
  const problem = { code: 'price_changed', lines: [{ sku: 'A', price: money(1_990) }] };
  expect(linesOf(problem)).toEqual([['A', { code: 'price_changed', price: 1_990 }]]);
});

it.each(['unknown_sku', 'product_withdrawn', 'quantity_not_whole', 'bad_quantity'])(
  'names the products of %s',
  (code) => {
    expect(linesOf({ code, skus: ['A', 'B'] } as never)).toEqual([
      ['A', { code }],
      ['B', { code }],
    ]);
  },
);

it('says what is due when the payments do not add up', () => {
  const refusal = refusalOf({ code: 'payments_mismatch', total: money(12_990), paid: money(10_000) } as never);
  expect(refusal).toMatchObject({ due: 12_990 });
  expect(refusal.lines.size).toBe(0);
});

it('takes nothing for granted of what the server sends', () => {
  expect(linesOf({ code: 'insufficient_stock', lines: [null, 'x', { sku: 3 }] } as never)).toEqual([]);
  expect(linesOf({ code: 'register_closed' })).toEqual([]);
});

it.each(['internal', 'unavailable', 'rate_limited', 'command_in_progress', 'session_ended'])(
  '%s leaves open what became of the sale',
  (code) => expect(isAnswer({ code })).toBe(false),
);

it.each(['insufficient_stock', 'register_closed', 'forbidden', 'idempotency_key_reused'])('%s is a final no', (code) =>
  expect(isAnswer({ code })).toBe(true),
);
