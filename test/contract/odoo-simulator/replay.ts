import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { OdooVersion } from '../../../simulators/odoo/versions';
import { difference, normal } from './compare';
import { plain, readMessage, type Typed, typed, writeCall } from './typed-xml';
import type { World } from './world';

export interface Recording {
  /** `<number>-<name>`. */
  file: string;
  name: string;
  path: string;
  httpMethod: string;
  status: number;
  contentType: string | null;
  /** Left out for recordings that are not replayed. */
  request?: string;
  response?: string;
}

export function recordingsOf(version: OdooVersion): Recording[] {
  const packed = readFileSync(join(__dirname, '..', 'recordings', 'odoo', `${version}.json.gz`));
  return (JSON.parse(gunzipSync(packed).toString('utf8')) as { recordings: Recording[] }).recordings;
}

/** Requests that no parser reads: they go out byte for byte. */
const RAW = new Set(['http-malformed-xml', 'http-empty-body', 'control-char-in-request']);

export interface Answer {
  status: number;
  contentType: string | null;
  body: string;
}

/** Sends a recording's request, its ids translated. */
export async function send(world: World, recording: Recording): Promise<Answer> {
  const request = recording.request ?? '';
  if (recording.httpMethod === 'GET') {
    const response = await fetch(world.simulator.url + recording.path);
    return { status: response.status, contentType: response.headers.get('content-type'), body: await response.text() };
  }
  if (recording.path === '/jsonrpc' || RAW.has(recording.name)) return world.post(recording.path, request);
  const { method = '', params } = readMessage(request);
  const translated = method === 'execute_kw' ? world.ids.translateCall(params) : params;
  return world.post(recording.path, writeCall(method, translated));
}

/** Parameters of a recorded XML-RPC call; empty for everything else. */
export function paramsOf(recording: Recording): Typed[] {
  if (recording.path === '/jsonrpc' || RAW.has(recording.name) || !recording.request) return [];
  return readMessage(recording.request).params;
}

/** Where the simulator's answer differs from the recorded one, or null. */
export function disagreement(world: World, recording: Recording, answer: Answer): string | null {
  if (answer.status !== recording.status) return `HTTP ${recording.status} recorded, ${answer.status} simulated`;
  if (answer.contentType !== recording.contentType)
    return `${recording.contentType} recorded, ${answer.contentType} simulated`;
  const recorded = recording.response ?? '';
  if (recording.status === 404) return null;
  if (recording.status !== 200)
    return recorded === answer.body ? null : `${recorded} recorded, ${answer.body} simulated`;
  return recording.path === '/jsonrpc'
    ? jsonDisagreement(world, recorded, answer.body)
    : xmlDisagreement(world, recording, answer.body);
}

function xmlDisagreement(world: World, recording: Recording, simulated: string): string | null {
  const recorded = recording.response ?? '';
  if (framing(recorded) !== framing(simulated))
    return `framing ${framing(recorded)} recorded, ${framing(simulated)} simulated`;
  const a = readMessage(recorded);
  const b = readMessage(simulated);
  if (a.fault && b.fault) return faultDisagreement(a.fault, b.fault);
  if (a.fault) return `fault recorded (${a.fault.text}), ${simulated.slice(0, 300)} simulated`;
  if (b.fault) return `fault ${b.fault.text} simulated, none recorded`;
  const [, , , model, method] = paramsOf(recording).map((param) => ('text' in param ? param.text : ''));
  const ids = /^(create|search|name_search)$/.test(method ?? '') ? model : undefined;
  return difference(a.params[0] as Typed, b.params[0] as Typed, world.ids, model ?? '', ids);
}

/** First line and everything after the content: quotes of the declaration and empty lines differ by version. */
function framing(xml: string): string {
  const end = Math.max(xml.lastIndexOf('</params>'), xml.lastIndexOf('</fault>'));
  return JSON.stringify([xml.slice(0, xml.indexOf('\n')), xml.slice(end)]);
}

interface Fault {
  code: Typed;
  text: string;
}

/** Same code with the same XML type; same text, of a traceback the exception's line (frames and SQL are not compared). */
function faultDisagreement(a: Fault, b: Fault): string | null {
  const codes = [a.code, b.code].map((code) => `${code.type} ${String(plain(code))}`);
  if (codes[0] !== codes[1]) return `fault ${codes[0]} (${a.text}) recorded, ${codes[1]} (${b.text}) simulated`;
  const [recorded, simulated] = [a.text, b.text].map((text) => normal(exceptionOf(text)));
  return recorded === simulated ? null : `fault text «${recorded}» recorded, «${simulated}» simulated`;
}

function exceptionOf(text: string): string {
  return text.startsWith('Traceback') ? (text.split('\n')[2] ?? '') : text;
}

function jsonDisagreement(world: World, recorded: string, simulated: string): string | null {
  const found = difference(typed(JSON.parse(recorded)), typed(JSON.parse(simulated)), world.ids, '', undefined);
  // Python writes a blank after colon and comma.
  return found ?? (normal(recorded) === normal(simulated) ? null : `${recorded} recorded, ${simulated} simulated`);
}
