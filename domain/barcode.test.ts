import fc from 'fast-check';
import { checkDigit, isGtin } from './barcode';

it('knows the codes of GS1’s own examples', () => {
  for (const code of ['4006381333931', '96385074', '036000291452', '10614141000415']) expect(isGtin(code)).toBe(true);
});

it('is not fooled by one wrong digit, nor by two neighbours that changed places (other than 5 apart)', () => {
  const digits = fc.string({ minLength: 12, maxLength: 12, unit: fc.constantFrom(...'0123456789') });
  fc.assert(
    fc.property(digits, fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
      const code = body + checkDigit(body);
      expect(isGtin(code)).toBe(true);
      const wrong = (Number(code[at]) + by) % 10;
      expect(isGtin(code.slice(0, at) + String(wrong) + code.slice(at + 1))).toBe(false);
    }),
  );
});

it('takes a code of the shop for what it is', () => {
  for (const code of ['', 'POL-001', '123', '4006381333932', '400638133393x']) expect(isGtin(code)).toBe(false);
});
