import { recordedDelay } from './delays';
import type { CallInfo } from './services';

const info = (name: string, changes = false): CallInfo => {
  const method = name.slice(name.lastIndexOf('.') + 1);
  return { db: 'demo', name, model: name.slice(0, name.lastIndexOf('.')), method, changes, user: 'demo 6 key' };
};

test('calls take as long as the recorded medians of their version', () => {
  expect(recordedDelay(info('common.authenticate'), 17, false)).toBe(346.8);
  expect(recordedDelay(info('stock.picking.create', true), 18, false)).toBe(35.5);
  expect(recordedDelay(info('stock.picking.button_validate', true), 16, false)).toBe(57.8);
  expect(recordedDelay(info('stock.location.read'), 18, false)).toBe(11.8);
});

test('the first call of a user and password is as slow as a log-in', () => {
  expect(recordedDelay(info('stock.location.read'), 18, true)).toBeCloseTo(264.4 + 11.8);
});

test('a method that was not recorded takes as long as its kind', () => {
  expect(recordedDelay(info('stock.picking.do_unreserve', true), 18, false)).toBe(30);
  expect(recordedDelay(info('stock.picking.exists'), 18, false)).toBe(10);
});
