import { validate, version } from 'uuid';
import { newId } from './new-id';

it('an id is a UUIDv7, there once, and greater than the one before', () => {
  const ids = Array.from({ length: 5_000 }, () => newId());
  expect(ids.filter((id) => !validate(id) || version(id) !== 7)).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

it('ids say when they were made', () => {
  const before = Date.now();
  const at = parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
});
