import { commandCodes, noteCode, spokenBy } from './command-codes';
import { quantityFrom, readScan } from './reading';

const read = (text: string, physical = text) => readScan({ text, physical });

it.each([
  ['7804520000014', null, ['7804520000014']],
  ['3*7804520000014', 3_000, ['7804520000014']],
  ['12 * POL-PIMA-M', 12_000, ['POL-PIMA-M']],
  ['2X4-TABLA', null, ['2X4-TABLA']],
  ['0,350*PALTA', 350, ['PALTA']],
  ['3*', 3_000, []],
  ['EXTRA*3', null, ['EXTRA*3']],
])('«%s» is so many: %p of %j', (text, quantity, codes) => {
  expect(read(text)).toEqual({ quantity, codes });
});

it('what a wrong layout made of it comes last', () => {
  expect(read("POL'PIMA'M", 'POL-PIMA-M').codes).toEqual(['POL-PIMA-M', "POL'PIMA'M"]);
});

it('takes the quantity off in both ways of reading', () => {
  expect(read("2*POL'1", '2}POL-1')).toEqual({ quantity: 2_000, codes: ['POL-1', "POL'1"] });
});

it('keys that were pressed before the scan are not part of it', () => {
  expect(read('++7804520000014').codes).toEqual(['7804520000014']);
  const burst = { text: '7804520000014', physical: '7804520000014' };
  expect(readScan({ text: '37804520000014', physical: '37804520000014', burst }).codes).toEqual([
    '37804520000014',
    '7804520000014',
  ]);
});

it('a code that stalled on its way may be what was meant', () => {
  const scan = {
    text: '20000014',
    physical: '20000014',
    joined: { text: '2*7804520000014', physical: '2*7804520000014' },
  };
  expect(readScan(scan)).toEqual({ quantity: 2_000, codes: ['20000014', '7804520000014'] });
});

it.each([
  ['0,35', 350],
  ['0.35', 350],
  ['12', 12_000],
  ['0', null],
  ['', null],
  ['1,2345', null],
  ['abc', null],
])('«%s» typed is %p', (text, milli) => {
  expect(quantityFrom(text)).toBe(milli);
});

it('hears its commands and notes in any case, and nothing else', () => {
  expect(spokenBy([commandCodes.charge.toLowerCase()])).toEqual({ command: 'charge' });
  expect(spokenBy([noteCode(20_000)])).toEqual({ note: 20_000 });
  expect(spokenBy(['NERVIO-BILLETE-', '7804520000014'])).toBeNull();
});
