import { PyFloat } from './values';
import { ExpatError } from './xml';
import { MarshalNoneError, parseMethodCall, writeFault, writeResponse } from './xmlrpc';

const callWith = (value: string): string =>
  `<?xml version="1.0"?><methodCall><methodName>m</methodName><params><param><value>${value}</value></param></params></methodCall>`;

describe('reading a call', () => {
  test.each([
    ['<int>7</int>', 7],
    ['<i4>7</i4>', 7],
    ['<i8>1099511627776</i8>', 1099511627776],
    ['<double>456.7</double>', 456.7],
    ['<boolean>0</boolean>', false],
    ['<string>Cámara &amp; &lt;1&gt;</string>', 'Cámara & <1>'],
    ['untyped', 'untyped'],
    ['', ''],
    ['<nil/>', null],
    ['<dateTime.iso8601>20200101T00:00:00</dateTime.iso8601>', '2020-01-01 00:00:00'],
    ['<array><data><value><int>1</int></value><value>x</value></data></array>', [1, 'x']],
    ['<struct><member><name>a</name><value><int>1</int></value></member></struct>', { a: 1 }],
  ])('%s', (value, expected) => {
    expect(parseMethodCall(callWith(value)).params).toEqual([expected]);
  });

  test.each([
    ['', 'no element found: line 1, column 0'],
    ['<methodCall><methodName>version', 'no element found: line 1, column 31'],
    ['<a><b></a></b>', 'mismatched tag: line 1, column 8'],
    ['<a>\n x \u000b</a>', 'not well-formed (invalid token): line 2, column 3'],
  ])('%j fails as expat does', (body, message) => {
    expect(() => parseMethodCall(body)).toThrow(new ExpatError(message));
  });
});

describe('writing an answer', () => {
  test('empty is boolean 0, ints and floats keep their types, control characters go', () => {
    const text = writeResponse({ empty: false, whole: 3, float: new PyFloat(3), name: 'a\u0001<b>' }, 17);
    expect(text).toContain('<name>empty</name>\n<value><boolean>0</boolean></value>');
    expect(text).toContain('<value><int>3</int></value>');
    expect(text).toContain('<value><double>3.0</double></value>');
    expect(text).toContain('<value><string>a&lt;b&gt;</string></value>');
  });

  test('None anywhere in it cannot be written', () => {
    expect(() => writeResponse(null, 18)).toThrow(MarshalNoneError);
    expect(() => writeResponse([{ deep: null }], 18)).toThrow('cannot marshal None unless allow_none is enabled');
  });

  test.each([
    [16, "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n", '</fault>\n</methodResponse>\n'],
    [18, '<?xml version="1.0"?>\n<methodResponse>\n<fault>\n', '</fault>\n\n</methodResponse>\n'],
  ] as const)('a fault of %i is framed as that version does', (version, head, tail) => {
    const text = writeFault(2, 'No', version);
    expect(text.startsWith(head)).toBe(true);
    expect(text.endsWith(tail)).toBe(true);
  });

  test('the old endpoints have texts for fault codes', () => {
    expect(writeFault('AccessDenied', 'Access Denied', 17)).toContain('<value><string>AccessDenied</string></value>');
  });
});
