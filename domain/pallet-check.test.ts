import { checkPallet, weightOf, type FoundPackage } from './pallet-check';

const here = 10;
const there = 20;
const destination = 30;
const quant = (more: Partial<FoundPackage['quants'][number]> = {}) => ({
  quantity: 456.7,
  reservedQuantity: 0,
  locationId: here,
  uom: 'kg',
  ...more,
});
const pallet = (more: Partial<FoundPackage> = {}): FoundPackage => ({
  id: 7,
  name: 'PACK0001234',
  locationId: here,
  quants: [quant()],
  ...more,
});
const check = (found: FoundPackage[], expected: number | null = here) =>
  checkPallet('PACK0001234', found, { expected, destination });

describe('the check of a scanned pallet', () => {
  it('passes a pallet that is where it was scanned', () => {
    expect(check([pallet()])).toEqual({
      code: 'PACK0001234',
      packageId: 7,
      locationId: here,
      weightKg: 456.7,
      problem: null,
    });
  });

  it.each<[string, FoundPackage[], number | null]>([
    ['unknown_pallet', [], here],
    ['ambiguous_pallet', [pallet(), pallet({ id: 8, quants: [] })], here],
    ['empty_pallet', [pallet({ quants: [] })], here],
    ['empty_pallet', [pallet({ quants: [quant({ quantity: 0.004 })] })], here],
    ['empty_pallet', [pallet({ locationId: null, quants: [] })], here],
    ['split_pallet', [pallet({ quants: [quant(), quant({ locationId: there })] })], here],
    ['moved_since_scan', [pallet({ locationId: there, quants: [quant({ locationId: there })] })], here],
    ['same_location', [pallet({ locationId: destination, quants: [quant({ locationId: destination })] })], null],
    ['reserved_elsewhere', [pallet({ quants: [quant({ reservedQuantity: 1 })] })], here],
  ])('says %s', (problem, found, expected) => {
    expect(check(found, expected).problem).toBe(problem);
  });

  it('does not check the source when the scan did not say it', () => {
    expect(check([pallet({ locationId: there, quants: [quant({ locationId: there })] })], null).problem).toBeNull();
  });

  it('says that it was moved before it says that it is there already: the person saw it elsewhere', () => {
    const found = [pallet({ locationId: destination, quants: [quant({ locationId: destination })] })];
    expect(check(found).problem).toBe('moved_since_scan');
  });

  it('takes noise in the last digits of a reservation for nothing', () => {
    expect(check([pallet({ quants: [quant({ reservedQuantity: 0.0000001 })] })]).problem).toBeNull();
  });

  it('of a pallet that somebody moves between the two reads goes by its goods, which are read last: it is not split', () => {
    const found = [pallet({ locationId: here, quants: [quant({ locationId: there }), quant({ locationId: there })] })];
    expect(check(found)).toMatchObject({ locationId: there, problem: 'moved_since_scan' });
    expect(check(found, null)).toMatchObject({ locationId: there, problem: null });
  });

  it('knows its place by its goods when the package says none', () => {
    expect(check([pallet({ locationId: null })])).toMatchObject({ locationId: here, problem: null });
  });
});

describe('the weight of a pallet', () => {
  it('is the sum of its goods in kg, to the gram', () => {
    expect(weightOf([quant({ quantity: 0.1 }), quant({ quantity: 0.2 })])).toBe(0.3);
  });

  it('is unknown when something on it is counted otherwise, or nothing is on it', () => {
    expect(weightOf([quant(), quant({ uom: 'Units' })])).toBeNull();
    expect(weightOf([])).toBeNull();
  });
});
