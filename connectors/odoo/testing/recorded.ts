import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Deserializer from 'xmlrpc/lib/deserializer';
import { type OdooFault } from '../classify';
import { decodeJsonAnswer } from '../wire/jsonrpc';
import { decodeAnswer } from '../wire/xmlrpc';

/** What real servers of 16, 17 and 18 said and were told; see `recordings/README.md`. */
export const recordedVersions = [16, 17, 18] as const;
export type RecordedVersion = (typeof recordedVersions)[number];

function read(version: RecordedVersion, file: string): Buffer {
  return readFileSync(join(__dirname, '..', 'recordings', String(version), file));
}

export async function recordedFault(version: RecordedVersion, name: string): Promise<OdooFault> {
  const body = read(version, `${name}.response.xml`);
  const answer = name.startsWith('jsonrpc-') ? decodeJsonAnswer(1, body) : await decodeAnswer(body);
  if (!answer.fault) throw new Error(`${name} of ${version} is not a fault`);
  return answer.fault;
}

export async function recordedValue(version: RecordedVersion, name: string): Promise<unknown> {
  const answer = await decodeAnswer(read(version, `${name}.response.xml`));
  if (answer.fault) throw new Error(`${name} of ${version} is a fault`);
  return answer.value;
}

/** `[model, method, args]` of a recorded `execute_kw`. */
export function recordedCall(version: RecordedVersion, name: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const body = Readable.from([read(version, `${name}.request.xml`)]);
    new Deserializer('utf8').deserializeMethodCall(body, (error, method, params) => {
      if (error || method !== 'execute_kw' || !params) reject(error ?? new Error(`${name} is not an execute_kw`));
      else resolve(params.slice(3, 6));
    });
  });
}
