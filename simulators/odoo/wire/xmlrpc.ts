import type { OdooVersion } from '../versions';
import { parseXml, type XmlNode } from './xml';
import { floatText, PyFloat, type RpcStruct, type RpcValue } from './values';

/** Python's `TypeError: cannot marshal None unless allow_none is enabled`, raised while the answer is written. */
export class MarshalNoneError extends Error {
  constructor() {
    super('cannot marshal None unless allow_none is enabled');
  }
}

export interface MethodCall {
  method: string;
  params: RpcValue[];
}

/**
 * Reads a `<methodCall>`. Like Odoo's parser it takes `<nil/>`, `<i4>`, `<i8>`, untyped values and `<dateTime.iso8601>`.
 * @throws ExpatError when the body is not well-formed
 */
export function parseMethodCall(body: string): MethodCall {
  const root = parseXml(body);
  const method = child(root, 'methodName')?.text.trim() ?? '';
  const params = (child(root, 'params')?.children ?? []).filter((node) => node.name === 'param');
  return { method, params: params.map((param) => readValue(child(param, 'value'))) };
}

/** Writes an answer byte for byte as the given version's server does. @throws MarshalNoneError for None anywhere in it */
export function writeResponse(value: RpcValue, version: OdooVersion): string {
  return envelope(`<params>\n<param>\n${writeValue(value)}</param>\n</params>\n`, version);
}

/** Writes a fault; the code is an int on /xmlrpc/2 and a string on the old /xmlrpc endpoints. */
export function writeFault(code: number | string, text: string, version: OdooVersion): string {
  return envelope(`<fault>\n${writeValue({ faultCode: code, faultString: text })}</fault>\n`, version);
}

function envelope(content: string, version: OdooVersion): string {
  // 18 prints through lxml: other quotes and an empty line at the end.
  return version === 18
    ? `<?xml version="1.0"?>\n<methodResponse>\n${content}\n</methodResponse>\n`
    : `<?xml version='1.0'?>\n<methodResponse>\n${content}</methodResponse>\n`;
}

function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((candidate) => candidate.name === name);
}

function readValue(node: XmlNode | undefined): RpcValue {
  const typed = node?.children[0];
  if (!node || !typed) return node?.text ?? '';
  switch (typed.name) {
    case 'int':
    case 'i1':
    case 'i2':
    case 'i4':
    case 'i8':
    case 'biginteger':
    case 'double':
    case 'float':
      return Number(typed.text);
    case 'boolean':
      return typed.text.trim() === '1';
    case 'nil':
      return null;
    case 'dateTime.iso8601':
      return isoDateTime(typed.text.trim());
    case 'array':
      return (child(typed, 'data')?.children ?? []).map(readValue);
    case 'struct':
      return readStruct(typed);
    default:
      return typed.text;
  }
}

function readStruct(node: XmlNode): RpcStruct {
  const result: RpcStruct = {};
  for (const member of node.children) {
    if (member.name === 'member') result[child(member, 'name')?.text ?? ''] = readValue(child(member, 'value'));
  }
  return result;
}

function isoDateTime(text: string): string {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d:\d\d:\d\d)/.exec(text);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]} ${parts[4]}` : text;
}

function writeValue(value: RpcValue): string {
  return `<value>${writeContent(value)}</value>\n`;
}

function writeContent(value: RpcValue): string {
  if (value === null || value === undefined) throw new MarshalNoneError();
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'string') return `<string>${escape(value)}</string>`;
  if (value instanceof PyFloat) return `<double>${floatText(value.value)}</double>`;
  if (typeof value === 'number') {
    return Number.isInteger(value) ? `<int>${value}</int>` : `<double>${floatText(value)}</double>`;
  }
  if (Array.isArray(value)) return `<array><data>\n${value.map(writeValue).join('')}</data></array>`;
  const members = Object.entries(value).map(
    ([name, item]) => `<member>\n<name>${escape(name)}</name>\n${writeValue(item)}</member>\n`,
  );
  return `<struct>\n${members.join('')}</struct>`;
}

function escape(text: string): string {
  return text

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
