import { XMLParser } from 'fast-xml-parser';

/** XML-RPC values with their wire types, read by another parser than the simulator's own. */
export type Typed =
  { type: string; text: string } | { type: 'array'; items: Typed[] } | { type: 'struct'; members: Map<string, Typed> };

export interface Message {
  method?: string;
  params: Typed[];
  fault?: { code: Typed; text: string };
}

type Node = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  trimValues: false,
  parseTagValue: false,
  processEntities: true,
});

/** Reads a methodCall or methodResponse. */
export function readMessage(xml: string): Message {
  const nodes = parser.parse(xml) as Node[];
  const root = children(nodes.find((node) => 'methodCall' in node || 'methodResponse' in node));
  const method = root.find((node) => 'methodName' in node);
  const fault = root.find((node) => 'fault' in node);
  const params = children(root.find((node) => 'params' in node)).filter((node) => 'param' in node);
  const message: Message = { params: params.map((param) => readValue(only(children(param), 'value'))) };
  if (method) message.method = text(children(method));
  if (fault) {
    const value = readValue(only(children(fault), 'value'));
    if (value.type !== 'struct' || !('members' in value)) throw new Error('a fault without a struct');
    const code = value.members.get('faultCode');
    const words = value.members.get('faultString');
    if (!code || !words || !('text' in words)) throw new Error('a fault without code or text');
    message.fault = { code, text: words.text };
  }
  return message;
}

/** Writes a methodCall again, wire types unchanged. */
export function writeCall(method: string, params: readonly Typed[]): string {
  const list = params.map((param) => `<param>${writeValue(param)}</param>`).join('');
  return `<?xml version='1.0'?>\n<methodCall><methodName>${method}</methodName><params>${list}</params></methodCall>`;
}

/** A typed value without its types: what bridges and assertions work with. */
export function plain(value: Typed): unknown {
  if ('items' in value) return value.items.map(plain);
  if ('members' in value) return Object.fromEntries([...value.members].map(([name, item]) => [name, plain(item)]));
  if (value.type === 'boolean') return value.text === '1';
  if (value.type === 'nil') return null;
  return /^(int|i4|i8|double)$/.test(value.type) ? Number(value.text) : value.text;
}

/** The wire form of a plain value. */
export function typed(value: unknown): Typed {
  if (value === null) return { type: 'nil', text: '' };
  if (typeof value === 'boolean') return { type: 'boolean', text: value ? '1' : '0' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'int' : 'double', text: String(value) };
  if (Array.isArray(value)) return { type: 'array', items: value.map(typed) };
  if (typeof value === 'object') {
    return { type: 'struct', members: new Map(Object.entries(value).map(([name, item]) => [name, typed(item)])) };
  }
  return { type: 'string', text: String(value) };
}

function tagOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ':@') ?? '';
}

function children(node: Node | undefined): Node[] {
  return node ? ((node[tagOf(node)] as Node[] | undefined) ?? []) : [];
}

function only(nodes: Node[], tag: string): Node {
  const node = nodes.find((one) => tag in one);
  if (!node) throw new Error(`no <${tag}>`);
  return node;
}

function text(nodes: Node[]): string {
  return nodes.map((node) => String(node['#text'] ?? '')).join('');
}

function readValue(node: Node): Typed {
  const content = children(node);
  const inner = content.find((one) => !('#text' in one));
  if (!inner) return { type: 'untyped', text: text(content) };
  const type = tagOf(inner);
  if (type === 'array') {
    const data = children(only(children(inner), 'data')).filter((one) => 'value' in one);
    return { type, items: data.map(readValue) };
  }
  if (type === 'struct') {
    const members = children(inner).filter((one) => 'member' in one);
    return {
      type,
      members: new Map(
        members.map((one) => [text(children(only(children(one), 'name'))), readValue(only(children(one), 'value'))]),
      ),
    };
  }
  return { type, text: text(children(inner)) };
}

function writeValue(value: Typed): string {
  if ('items' in value) return `<value><array><data>${value.items.map(writeValue).join('')}</data></array></value>`;
  if ('members' in value) {
    const members = [...value.members].map(
      ([name, item]) => `<member><name>${escape(name)}</name>${writeValue(item)}</member>`,
    );
    return `<value><struct>${members.join('')}</struct></value>`;
  }
  if (value.type === 'untyped') return `<value>${escape(value.text)}</value>`;
  if (value.type === 'nil') return '<value><nil/></value>';
  return `<value><${value.type}>${escape(value.text)}</${value.type}></value>`;
}

function escape(raw: string): string {
  return raw.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
