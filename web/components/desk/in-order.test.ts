import { InOrder } from './in-order';

it('shows answers that come in the order of their questions, each of them', () => {
  const order = new InOrder();
  const [first, second] = [order.ask(), order.ask()];
  expect([first(), second()]).toEqual([true, true]);
});

it('drops an answer that a newer one has overtaken', () => {
  const order = new InOrder();
  const [first, second, third] = [order.ask(), order.ask(), order.ask()];
  expect([second(), first(), third()]).toEqual([true, false, true]);
});

it('drops what was asked before something newer was heard another way', () => {
  const order = new InOrder();
  const before = order.ask();
  order.renew();
  const after = order.ask();
  expect([before(), after()]).toEqual([false, true]);
});
