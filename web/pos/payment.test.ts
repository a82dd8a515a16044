import { addNote, choose, likelyCash, paymentsOf, put, startPayment, stateOf } from './payment';

const due = 12_990;

it('is cash and exact until somebody says otherwise', () => {
  const payment = startPayment(due);
  expect(paymentsOf(payment)).toEqual([{ method: 'cash', amount: due }]);
  expect(stateOf(payment)).toEqual({ paid: due, missing: 0, change: 0, fits: true });
});

it('gives change on cash, and on nothing else', () => {
  expect(stateOf(put(startPayment(due), 20_000))).toMatchObject({ change: 7_010, fits: true });
  expect(stateOf(put(startPayment(due, false, 'card'), 20_000))).toMatchObject({ fits: false });
  // As much change as cash: then the cash was not needed.
  const needless = put(choose(put(startPayment(due), 5_000), 'card'), due);
  expect(stateOf(needless)).toMatchObject({ change: 5_000, fits: false });
});

it('the other way takes what is left', () => {
  const mixed = choose(put(startPayment(due), 5_000), 'card');
  expect(paymentsOf(mixed)).toEqual([
    { method: 'cash', amount: 5_000 },
    { method: 'card', amount: 7_990 },
  ]);
  expect(stateOf(mixed).fits).toBe(true);
});

it('three ways add up as well', () => {
  const two = put(choose(put(startPayment(due), 5_000), 'card'), 4_000);
  expect(stateOf(two)).toMatchObject({ missing: 3_990, fits: false });
  expect(paymentsOf(choose(two, 'transfer'))).toEqual([
    { method: 'cash', amount: 5_000 },
    { method: 'card', amount: 4_000 },
    { method: 'transfer', amount: 3_990 },
  ]);
});

it('all of it goes another way when nobody said an amount, or enough was there already', () => {
  expect(paymentsOf(choose(startPayment(due), 'card'))).toEqual([{ method: 'card', amount: due }]);
  expect(paymentsOf(choose(put(startPayment(due), 20_000), 'transfer'))).toEqual([{ method: 'transfer', amount: due }]);
});

it('notes on the counter add up, from whatever was chosen', () => {
  expect(addNote(addNote(startPayment(due), 10_000), 5_000).amounts.cash).toBe(15_000);
  const card = put(choose(put(startPayment(due), 2_000), 'card'), 5_000);
  expect(addNote(card, 10_000)).toMatchObject({ active: 'cash', amounts: { cash: 12_000, card: 5_000 } });
});

it('an amount that was overwritten and put back was never said', () => {
  const back = put(put(startPayment(due), 129_902), due);
  expect(addNote(back, 20_000).amounts.cash).toBe(20_000);
});

it('a refund is exact', () => {
  expect(stateOf(put(startPayment(due, true), 20_000)).fits).toBe(false);
  expect(stateOf(startPayment(due, true)).fits).toBe(true);
});

it('what costs nothing is paid by nothing', () => {
  expect(stateOf(startPayment(0)).fits).toBe(true);
  expect(paymentsOf(startPayment(0))).toEqual([]);
});

it.each([
  [12_990, 'CLP', [13_000, 15_000, 20_000]],
  [20_000, 'CLP', []],
  [990, 'CLP', [1_000, 2_000, 5_000]],
  [12_345, 'MXN', [15_000, 20_000, 50_000]],
])('of %i %s a customer is likely to hand over %j', (sum, currency, expected) => {
  expect(likelyCash(sum, currency)).toEqual(expected);
});
