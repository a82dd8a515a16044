import { Readable } from 'node:stream';
import Deserializer from 'xmlrpc/lib/deserializer';
import { serializeMethodCall } from 'xmlrpc/lib/serializer';
import { OdooError } from '../errors';
import type { RpcAnswer } from './answer';

/**
 * XML-RPC with the xmlrpc package's own reader and writer. Its client is not used: it has no time-out per call, hides the
 * HTTP status and headers of everything but a 404, cannot tell a refused connection from a broken one, and reads without limit.
 *
 * @throws OdooError `refused` for what XML-RPC or Odoo cannot take (recordings control-char-in-request, int-overflow-i8).
 */
export function encodeCall(method: string, params: readonly unknown[]): string {
  params.forEach(checkEncodable);
  return serializeMethodCall(method, params);
}

/** Reads an answer's body. Rejects with a plain Error when it is not a whole XML-RPC answer. */
export async function decodeAnswer(body: Buffer): Promise<RpcAnswer> {
  return new Promise((resolve, reject) => {
    new Deserializer('utf8').deserializeMethodResponse(Readable.from([body]), (error, value) => {
      if (!error) resolve({ value });
      else if (isFault(error)) resolve({ fault: { code: error.faultCode, text: String(error.faultString ?? '') } });
      else reject(error);
    });
  });
}

function isFault(error: Error): error is Error & { faultCode: number | string; faultString?: unknown } {
  return 'faultCode' in error && (typeof error.faultCode === 'number' || typeof error.faultCode === 'string');
}

// XML 1.0 has no way to write these; Odoo's parser answers with fault 1.
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function checkEncodable(value: unknown): void {
  switch (typeof value) {
    case 'string':
      if (unwritable.test(value)) throw unencodable('a control character in a text');
      return;
    case 'number':
      if (!Number.isFinite(value)) throw unencodable(`the number ${value}`);
      if (Number.isInteger(value) && Math.abs(value) > 0x7fffffff)
        throw unencodable(`the whole number ${value} (32 bits at most)`);
      return;
    case 'boolean':
      return;
    case 'object':
      if (value !== null) Object.values(value).forEach(checkEncodable);
      return;
    default:
      throw unencodable(`a value of type ${typeof value}`);
  }
}

function unencodable(what: string): OdooError {
  return new OdooError('refused', `Odoo cannot be sent ${what}`, { applied: 'no' });
}
