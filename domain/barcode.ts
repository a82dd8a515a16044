/** GS1 codes of retail goods (EAN-8, UPC-A, EAN-13, GTIN-14): digits whose last one checks the others. */
const lengths: readonly number[] = [8, 12, 13, 14];

/** The check digit that goes behind `digits` (GS1 General Specifications, 7.9: weights 3 and 1 from the right). */
export function checkDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** Whether it has the form of a GS1 code and its check digit is right. Codes of a shop's own need not be one. */
export function isGtin(code: string): boolean {
  return lengths.includes(code.length) && /^\d+$/.test(code) && checkDigit(code.slice(0, -1)) === code.slice(-1);
}
