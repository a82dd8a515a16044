import { createFormat, formatTag } from './format';

const at = '2026-03-05T13:02:11Z';

it('writes numbers and dates as the business’s country does; English as in Great Britain, whatever the country', () => {
  const written = (tag: string) => {
    const format = createFormat(tag, 'America/Santiago');
    const price = format.money({ amount: 12990, currency: 'CLP' });
    return [format.kg(12345.6), format.dateTime(at), format.stamp(at), price].map((text) =>
      text.replaceAll('\u00a0', ' '),
    );
  };
  expect(written(formatTag('es', 'es-CL'))).toEqual(['12.345,6 kg', '05 mar, 10:02', '05 mar 2026, 10:02', '$12.990']);
  expect(written(formatTag('es', 'es-MX')).slice(0, 3)).toEqual(['12,345.6 kg', '05 mar, 10:02', '05 mar 2026, 10:02']);
  expect(written(formatTag('es', 'es-AR')).slice(0, 3)).toEqual(['12.345,6 kg', '05 mar, 10:02', '05 mar 2026, 10:02']);
  expect(written(formatTag('en', 'es-CL'))).toEqual(['12,345.6 kg', '05 Mar, 10:02', '05 Mar 2026, 10:02', '$12,990']);
});

it('a business without a Spanish locale of a country is written as in Chile', () => {
  for (const locale of [null, undefined, 'es', 'pt-BR', 'es_MX', 'es-419'])
    expect(formatTag('es', locale)).toBe('es-CL');
});

it('writes quantities with their unit, days, and differences of money', () => {
  const format = createFormat('es-CL', 'America/Santiago');
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
  expect([
    format.quantity('12.000'),
    plain(format.quantity('0.350', 'kg')),
    format.quantity('-3.000', 'unit', true),
    format.quantity('3.000', 'unit', true),
    format.day('2026-11-25'),
    format.weekday('2026-11-25'),
    format.moneyChange({ amount: -5000, currency: 'CLP' }),
    format.moneyChange({ amount: 500, currency: 'CLP' }),
    format.moneyChange({ amount: 0, currency: 'CLP' }),
  ]).toEqual([
    '12',
    '0,35 kg',
    '-3',
    '+3',
    'miércoles, 25 de noviembre de 2026',
    'miércoles',
    '−$5.000',
    '+$500',
    '$0',
  ]);
});

it('shortens all thousands of a scale alike: ICU has «5 K» beside «10 k» for Chile', () => {
  const written = (tag: string) =>
    [500, 5_000, 10_000, 1_500_000].map((value) => createFormat(tag, 'UTC').short(value).replaceAll('\u00a0', ' '));
  expect(written('es-CL')).toEqual(['500', '5 k', '10 k', '1,5 M']);
  expect(written('es-MX')).toEqual(['500', '5 k', '10 k', '1.5 M']);
  expect(written('en-GB')).toEqual(['500', '5k', '10k', '1.5m']);
});

it('writes how long something took with tenths, and how long it has been so without', () => {
  const format = createFormat('es-CL', 'America/Santiago');
  const now = Date.parse(at) + 8_940;
  expect([format.duration(at, now), format.age(at, now)]).toEqual(['8,9\u00a0s', '8\u00a0s']);
  expect([format.duration(at, now + 60_000), format.age(at, now + 60_000)]).toEqual(['1\u00a0min', '1\u00a0min']);
});

it('says how long ago something was in the unit that it has filled: never «hace 60 min»', () => {
  const format = createFormat('es-CL', 'America/Santiago');
  const ago = (seconds: number) => format.ago(at, Date.parse(at) + seconds * 1000);
  expect([59, 3_599, 3_600, 86_399, 86_400].map(ago)).toEqual([
    'hace 59 s',
    'hace 59 min',
    'hace 1 h',
    'hace 23 h',
    'hace 1 día',
  ]);
});
