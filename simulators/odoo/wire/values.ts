/** A Python float: XML-RPC writes it as `<double>` (`5.0`), JSON as `5.0`; a plain integer number is an int. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** What travels over RPC. `null` is Python's None: allowed in requests and in JSON, a marshalling fault in XML-RPC answers. */
export type RpcValue = null | boolean | number | string | PyFloat | RpcValue[] | RpcStruct;
export interface RpcStruct {
  [member: string]: RpcValue;
}

/** True for a struct (not null, an array or a float). */
export function isStruct(value: RpcValue | undefined): value is RpcStruct {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PyFloat);
}

/** How Python prints a float: always with a point or an exponent. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Python's repr() of a value, as fault texts quote it. */
export function repr(value: RpcValue | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value instanceof PyFloat) return floatText(value.value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return reprString(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${reprString(key)}: ${repr(item)}`)
    .join(', ')}}`;
}

/** A Python tuple's repr, used for domain leaves. */
export function reprTuple(values: RpcValue[]): string {
  return values.length === 1 ? `(${repr(values[0])},)` : `(${values.map(repr).join(', ')})`;
}

function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replace(/\r/g, '\\r')
    .replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}
