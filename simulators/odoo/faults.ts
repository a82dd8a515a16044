/** The exceptions of Odoo's server, and what each becomes on the wire. */
export type FaultKind =
  | { kind: 'user'; name: 'UserError' | 'ValidationError' | 'MissingError' | 'RedirectWarning' }
  | { kind: 'access' }
  | { kind: 'denied' }
  /** Any other Python exception; `name` as a traceback's last line prints it, e.g. `ValueError`. */
  | { kind: 'python'; name: string };

/** An exception raised inside a call: the call's transaction is rolled back and a fault goes out. */
export class OdooFault extends Error {
  constructor(
    readonly what: FaultKind,
    readonly text: string,
  ) {
    super(text);
  }
}

export const userError = (text: string): OdooFault => new OdooFault({ kind: 'user', name: 'UserError' }, text);
export const validationError = (text: string): OdooFault =>
  new OdooFault({ kind: 'user', name: 'ValidationError' }, text);
export const missingError = (text: string): OdooFault => new OdooFault({ kind: 'user', name: 'MissingError' }, text);
export const accessError = (text: string): OdooFault => new OdooFault({ kind: 'access' }, text);
export const accessDenied = (): OdooFault => new OdooFault({ kind: 'denied' }, 'Access Denied');
export const pythonError = (name: string, text: string): OdooFault => new OdooFault({ kind: 'python', name }, text);

/** `faultCode` and `faultString` on /xmlrpc/2/. */
export function faultOf(fault: OdooFault): { code: number; text: string } {
  switch (fault.what.kind) {
    case 'user':
      return { code: 2, text: fault.text };
    case 'denied':
      return { code: 3, text: fault.text };
    case 'access':
      return { code: 4, text: fault.text };
    case 'python':
      return { code: 1, text: traceback(fault.what.name, fault.text) };
  }
}

/** `faultCode` (a text!) and `faultString` on the old /xmlrpc/ endpoints (odoo/addons/base/controllers/rpc.py). */
export function legacyFaultOf(fault: OdooFault): { code: string; text: string } {
  switch (fault.what.kind) {
    case 'user':
      return { code: `warning -- ${legacyUserName(fault.what.name)}\n\n${fault.text}`, text: '' };
    case 'denied':
      return { code: 'AccessDenied', text: fault.text };
    case 'access':
      return { code: `warning -- AccessError\n\n${fault.text}`, text: '' };
    case 'python':
      return { code: fault.text, text: traceback(fault.what.name, fault.text) };
  }
}

function legacyUserName(name: string): string {
  if (name === 'MissingError') return name;
  return name === 'RedirectWarning' ? 'Warning' : 'UserError';
}

/** The exception's dotted class, as /jsonrpc gives it. */
export function pythonName(fault: OdooFault): string {
  switch (fault.what.kind) {
    case 'user':
      return `odoo.exceptions.${fault.what.name}`;
    case 'denied':
      return 'odoo.exceptions.AccessDenied';
    case 'access':
      return 'odoo.exceptions.AccessError';
    case 'python':
      return fault.what.name.includes('.') ? fault.what.name : `builtins.${fault.what.name}`;
  }
}

/** The `debug` member of a /jsonrpc error. */
export function debugText(fault: OdooFault): string {
  const name = fault.what.kind === 'python' ? fault.what.name : pythonName(fault);
  return `Traceback (most recent call last):\n  (frames removed)\n${name}: ${fault.text}\n`;
}

function traceback(name: string, text: string): string {
  return `Traceback (most recent call last):\n  File "/opt/odoo/(frames removed)"\n${name}: ${text}`;
}
