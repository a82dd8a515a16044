import type { OdooFault } from '../classify';
import type { RpcAnswer } from './answer';

/** One call of Odoo's `/jsonrpc`: the same services and arguments as XML-RPC, read by JSON.parse (5 ms for 10,000 records instead of 2.4 s). */
export function encodeJsonCall(id: number, service: string, method: string, args: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'call', id, params: { service, method, args } });
}

/** Reads an answer's body; a method that returned None has neither `result` nor `error` (recording jsonrpc-none-result). Throws on anything else. */
export function decodeJsonAnswer(id: number, body: Buffer): RpcAnswer {
  const answer: unknown = JSON.parse(body.toString('utf8'));
  if (!isObject(answer) || answer.jsonrpc !== '2.0') throw new Error('Not a JSON-RPC answer');
  if (answer.error !== undefined) return { fault: toFault(answer.error) };
  if (answer.id !== id) throw new Error('The JSON-RPC answer belongs to another call');
  return { value: answer.result ?? null };
}

/** JSON-RPC names the exception's class where XML-RPC has a number; bring it to the number so that one classification serves both. */
function toFault(error: unknown): OdooFault {
  if (!isObject(error)) throw new Error('Not a JSON-RPC error');
  const data = isObject(error.data) ? error.data : {};
  const message = typeof data.message === 'string' ? data.message : String(error.message ?? '');
  switch (data.name) {
    case 'odoo.exceptions.UserError':
    case 'odoo.exceptions.ValidationError':
    case 'odoo.exceptions.MissingError':
    case 'odoo.exceptions.RedirectWarning':
      return { code: 2, text: message };
    case 'odoo.exceptions.AccessDenied':
      return { code: 3, text: message };
    case 'odoo.exceptions.AccessError':
      return { code: 4, text: message };
    default:
      return { code: 1, text: typeof data.debug === 'string' && data.debug !== '' ? data.debug : message };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
