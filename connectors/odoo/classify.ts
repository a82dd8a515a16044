import { OdooError } from './errors';

/** A fault as the wire gave it: XML-RPC `faultCode`/`faultString`, or JSON-RPC's error brought to the same form. */
export interface OdooFault {
  code: number | string;
  /** A person's message for codes 2, 3 and 4; a whole Python traceback for code 1. */
  text: string;
}

/** What was called, to tell a wrong call of ours from an exception deep inside Odoo. */
export interface FaultOrigin {
  method?: string;
  uid?: number;
}

const cannotMarshalNone = 'TypeError: cannot marshal None unless allow_none is enabled';

/**
 * The one place where Odoo's faults become classes. Codes come first; text is looked at only where the code says nothing
 * (code 1 is "any exception"), and then only at the exception's type and words of the framework or of PostgreSQL, which are
 * never translated. Source: shared recordings of 16, 17 and 18 (`recordings/faults-*.json`), odoo/service/model.py.
 */
export function classifyFault(fault: OdooFault, origin: FaultOrigin = {}): OdooError {
  const code = normaliseCode(fault.code);
  const details = { faultCode: fault.code };
  switch (code) {
    case 2:
      return classifyUserError(fault.text.trim(), origin, details);
    case 3:
      return new OdooError('bad_credentials', 'Odoo refused the login or its key', { ...details, applied: 'no' });
    case 4:
      return new OdooError('forbidden', clip(fault.text), { ...details, applied: 'no' });
    default:
      return classifyException(lastException(fault.text), origin, details);
  }
}

/** Whether a `bad_credentials` may only mean that our remembered uid is stale, so that authenticating again is worth one try. */
export function mayBeStaleLogin(error: unknown): error is OdooError {
  return error instanceof OdooError && error.class === 'bad_credentials' && error.faultCode !== undefined;
}

function classifyUserError(text: string, origin: FaultOrigin, details: { faultCode: number | string }): OdooError {
  // An unknown uid is MissingError of our own user (fault 2, not 3): recording object-unknown-uid.
  const missingUser = /\bres\.users\((\d+),\)[^)]*?(\d+)\)\s*$/.exec(text);
  if (
    missingUser &&
    missingUser[1] === missingUser[2] &&
    (origin.uid === undefined || String(origin.uid) === missingUser[1])
  ) {
    return new OdooError('bad_credentials', 'The Odoo user of this connection no longer exists', {
      ...details,
      applied: 'no',
    });
  }
  if (/^Object [\w.]+ doesn't exist$/.test(text)) {
    return new OdooError('incompatible', `${clip(text)} (is the Odoo app that brings it installed?)`, {
      ...details,
      applied: 'no',
    });
  }
  if (/^Invalid language code: /.test(text)) {
    return new OdooError('incompatible', `${clip(text)}: the language en_US must be active in Odoo`, {
      ...details,
      applied: 'no',
    });
  }
  return new OdooError('refused', clip(text), { ...details, applied: 'no' });
}

function classifyException(line: string, origin: FaultOrigin, details: { faultCode: number | string }): OdooError {
  if (line === cannotMarshalNone) {
    return new OdooError('no_return_value', 'The method was carried out; it returned nothing', {
      ...details,
      applied: 'yes',
    });
  }
  if (/^(TypeError: cannot marshal |OverflowError: .*XML-RPC limits)/.test(line)) {
    // Marshalling comes after the commit: done, but what it answered is lost.
    return new OdooError('unknown_outcome', clip(line), { ...details, applied: 'maybe' });
  }
  if (/^psycopg2\.errors\.(SerializationFailure|DeadlockDetected|LockNotAvailable)\b/.test(line)) {
    return new OdooError('busy', clip(line), { ...details, applied: 'no' });
  }
  if (/^psycopg2\.OperationalError: .*database ".*" does not exist/.test(line)) {
    return new OdooError('unknown_database', 'The Odoo server does not have this database', {
      ...details,
      applied: 'no',
    });
  }
  if (
    /^(psycopg2\.(OperationalError|InterfaceError)|psycopg2\.errors\.\w*(Shutdown|CannotConnectNow)|psycopg2\.pool\.PoolError)\b/.test(
      line,
    )
  ) {
    // Odoo is up but its PostgreSQL is not, or went away during the call, perhaps during the commit.
    return new OdooError('unknown_outcome', `Odoo lost its database: ${clip(line)}`, { ...details, applied: 'maybe' });
  }
  if (isOurMistake(line, origin.method)) {
    return new OdooError('incompatible', clip(line), { ...details, applied: 'no' });
  }
  return new OdooError('server_fault', clip(line), { ...details, applied: 'no' });
}

function isOurMistake(line: string, method: string | undefined): boolean {
  if (
    /^(AttributeError: type object '[\w.]+' has no attribute '\w+'|AttributeError: The method '[\w.]+' does not exist)$/.test(
      line,
    )
  )
    return true;
  if (/^ValueError: Invalid field '\w+' on model '[\w.]+'$/.test(line)) return true;
  if (/^ValueError: Invalid field [\w.]+ in leaf /.test(line)) return true;
  if (/^(Exception: Method not found: |KeyError: '\w+'$)/.test(line)) return method === undefined;
  const badCall =
    /^TypeError: (?:\w+\.)?(\w+)\(\) (?:got an unexpected keyword argument|missing \d+ required positional)/.exec(line);
  return badCall !== null && (method === undefined || badCall[1] === method);
}

/** The old endpoint has words for codes; they cost nothing to understand. */
function normaliseCode(code: number | string): number {
  if (typeof code === 'number') return code;
  if (code === 'AccessDenied') return 3;
  if (code === 'AccessError') return 4;
  return code.startsWith('warning -- ') ? 2 : 1;
}

/**
 * The exception of a traceback: the first line after the frames of the last traceback (exceptions chain, and messages have
 * several lines, such as PostgreSQL's DETAIL and CONTEXT).
 */
function lastException(text: string): string {
  const lines = (text.split('Traceback (most recent call last):').at(-1) ?? '').split('\n');
  return (lines.find((line) => /^\S/.test(line)) ?? text).trim();
}

function clip(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}
