import { type OdooFault, debugText, pythonName } from '../faults';
import { floatText, isStruct, PyFloat, type RpcStruct, type RpcValue } from './values';

export interface JsonCall {
  id: RpcValue;
  service: string;
  method: string;
  args: RpcValue[];
}

/** Reads a /jsonrpc body, or returns null when it is not a call. @throws SyntaxError when it is not JSON */
export function parseJsonCall(body: string): JsonCall | null {
  const message = JSON.parse(body) as RpcValue;
  if (!isStruct(message) || !isStruct(message['params'])) return null;
  const { service, method, args } = message['params'];
  if (typeof service !== 'string' || typeof method !== 'string' || !Array.isArray(args)) return null;
  return { id: message['id'] ?? null, service, method, args };
}

/** A result. A method that returned None has no `result` member at all. */
export function jsonResult(id: RpcValue, result: RpcValue): string {
  const answer: RpcStruct = { jsonrpc: '2.0', id };
  if (result !== null) answer['result'] = result;
  return pyJson(answer);
}

/** An error as Odoo wraps it: HTTP 200, code 200, the exception's class in `data.name`. */
export function jsonError(id: RpcValue, fault: OdooFault): string {
  return pyJson({
    jsonrpc: '2.0',
    id,
    error: {
      code: 200,
      message: 'Odoo Server Error',
      data: {
        name: pythonName(fault),
        debug: debugText(fault),
        message: fault.text,
        arguments: [fault.text],
        context: {},
      },
    },
  });
}

/** Python's json.dumps(…, ensure_ascii=False): blanks after colon and comma, floats with a point. */
export function pyJson(value: RpcValue): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof PyFloat) return floatText(value.value);
  if (Array.isArray(value)) return `[${value.map(pyJson).join(', ')}]`;
  if (isStruct(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${pyJson(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}
