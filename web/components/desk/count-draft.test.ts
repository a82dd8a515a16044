import { countedOf, readUnsaved, stepped, withoutSent } from './count-draft';

describe('what is counted on a device', () => {
  it('is newer than what the server has', () => {
    const saved = [{ sku: 'A', counted: '3.000' }];
    expect(countedOf({}, saved, 'A')).toBe('3.000');
    expect(countedOf({ A: '4.000' }, saved, 'A')).toBe('4.000');
    expect(countedOf({}, saved, 'B')).toBe('0.000');
  });

  it('goes up and down by one, never below zero', () => {
    expect(stepped('0.000', 1)).toBe('1.000');
    expect(stepped('2.500', -1)).toBe('1.500');
    expect(stepped('0.500', -1)).toBe('0.000');
  });

  it('stays unsaved when it was counted again while it was on its way', () => {
    expect(withoutSent({ A: '2.000', B: '1.000' }, { A: '1.000', B: '1.000' })).toEqual({ A: '2.000' });
  });

  it.each([
    [null, {}],
    ['{"A":"2.000"}', { A: '2.000' }],
    ['{"A":"2.000","B":3,"C":"x"}', { A: '2.000' }],
    ['[1', {}],
    ['null', {}],
  ])('is read back from %s', (text, expected) => {
    expect(readUnsaved(text)).toEqual(expected);
  });
});
