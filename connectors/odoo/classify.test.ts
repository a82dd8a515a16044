import { classifyFault, type OdooFault } from './classify';
import { type OdooApplied, type OdooError, type OdooErrorClass } from './errors';
import { recordedFault, recordedVersions } from './testing/recorded';

/** What each recorded fault is, in every version that has it. */
const expectations: [recording: string, errorClass: OdooErrorClass, applied: OdooApplied, method?: string][] = [
  ['seed-quant-apply', 'no_return_value', 'yes', 'action_apply_inventory'],
  ['fault-serialization-exhausted', 'busy', 'no', 'write'],
  ['object-wrong-password', 'bad_credentials', 'no', 'search_count'],
  ['object-uid-false', 'bad_credentials', 'no', 'search_count'],
  ['object-unknown-uid', 'bad_credentials', 'no', 'search_count'],
  ['v1-endpoint-wrong-password', 'bad_credentials', 'no', 'search_count'],
  ['common-authenticate-unknown-db', 'unknown_database', 'no'],
  ['object-unknown-db', 'unknown_database', 'no', 'search_count'],
  ['fault-access-create', 'forbidden', 'no', 'create'],
  ['fault-access-validate', 'forbidden', 'no', 'button_validate'],
  ['fault-method-private', 'forbidden', 'no', '_action_done'],
  ['stale-04-validate-unreserved', 'refused', 'no', 'button_validate'],
  ['move1-16-cancel-done', 'refused', 'no', 'action_cancel'],
  ['idem-05-own-name-dup', 'refused', 'no', 'create'],
  ['fault-missing-validate', 'refused', 'no', 'button_validate'],
  ['fault-missing-package', 'refused', 'no', 'create'],
  ['jsonrpc-user-error', 'refused', 'no', 'action_assign'],
  ['jsonrpc-missing-error', 'refused', 'no', 'write'],
  ['fault-model-unknown', 'incompatible', 'no', 'search'],
  ['fault-method-missing', 'incompatible', 'no', 'no_existe'],
  ['fault-field-unknown-read', 'incompatible', 'no', 'read'],
  ['fault-field-unknown-domain', 'incompatible', 'no', 'search'],
  ['fault-kw-unknown', 'incompatible', 'no', 'search'],
  ['fault-args-missing', 'incompatible', 'no', 'search'],
  ['common-unknown-method', 'incompatible', 'no'],
  ['http-not-found', 'incompatible', 'no'],
  ['fault-type-float-string', 'server_fault', 'no', 'write'],
  ['fault-domain-short-leaf', 'server_fault', 'no', 'search'],
  ['int-overflow-i8', 'server_fault', 'no', 'search_count'],
  ['http-malformed-xml', 'server_fault', 'no'],
  ['control-char-in-request', 'server_fault', 'no', 'write'],
];

describe.each(recordedVersions)('faults recorded from Odoo %d', (version) => {
  const rows = expectations.map(([recording, errorClass, applied, method]) => ({
    recording,
    errorClass,
    applied,
    method,
  }));
  test.each(rows)(
    '$recording is $errorClass, applied: $applied',
    async ({ recording, errorClass, applied, method }) => {
      const error = classifyFault(await recordedFault(version, recording), { method });
      expect({ class: error.class, applied: error.applied }).toEqual({ class: errorClass, applied });
    },
  );

  test('a refusal keeps the words of Odoo', async () => {
    const error = classifyFault(await recordedFault(version, 'idem-05-own-name-dup'), { method: 'create' });
    expect(error.message).toBe('The operation cannot be completed: Reference must be unique per company!');
    expect(error.faultCode).toBe(2);
  });

  test('a traceback is cut down to its exception', async () => {
    const error = classifyFault(await recordedFault(version, 'int-overflow-i8'));
    expect(error.message).toBe(
      'psycopg2.errors.NumericValueOutOfRange: value "1099511627776" is out of range for type integer',
    );
  });

  test('somebody else missing is not our login missing', async () => {
    const fault = await recordedFault(version, 'object-unknown-uid');
    expect(classifyFault(fault, { uid: 9999 }).class).toBe('bad_credentials');
    expect(classifyFault(fault, { uid: 7 }).class).toBe('refused');
  });
});

test('18 refuses a language that is not active; 16 and 17 ignore it', async () => {
  expect(classifyFault(await recordedFault(18, 'context-lang-not-installed')).class).toBe('incompatible');
});

describe('faults that were not recorded', () => {
  const traceback = (exception: string): OdooFault => ({
    code: 1,
    text: `Traceback (most recent call last):\n  File "/opt/odoo/sql_db.py", line 1, in execute\n    res = self._obj.execute(query)\n${exception}\n`,
  });
  const cases: [exception: string, errorClass: OdooErrorClass, applied: OdooApplied][] = [
    // psycopg2 prints PostgreSQL's details on lines of their own.
    [
      'psycopg2.errors.DeadlockDetected: deadlock detected\nDETAIL:  Process 1 waits for ShareLock.\nCONTEXT:  while updating tuple',
      'busy',
      'no',
    ],
    ['psycopg2.errors.LockNotAvailable: could not obtain lock on row in relation "stock_quant"', 'busy', 'no'],
    ['psycopg2.OperationalError: could not connect to server: Connection refused', 'unknown_outcome', 'maybe'],
    ['psycopg2.errors.AdminShutdown: terminating connection due to administrator command', 'unknown_outcome', 'maybe'],
    ['psycopg2.pool.PoolError: The Connection Pool Is Full', 'unknown_outcome', 'maybe'],
    ["TypeError: cannot marshal <class 'odoo.tools.misc.frozendict'> objects", 'unknown_outcome', 'maybe'],
    ['OverflowError: int exceeds XML-RPC limits', 'unknown_outcome', 'maybe'],
    // A bug inside a customisation, which only looks like a call of ours gone wrong.
    ["AttributeError: 'NoneType' object has no attribute 'partner_id'", 'server_fault', 'no'],
    ["TypeError: StockMove._merge_moves() got an unexpected keyword argument 'merge_into'", 'server_fault', 'no'],
  ];
  test.each(cases)('%s', (exception, errorClass, applied) => {
    const error: OdooError = classifyFault(traceback(exception), { method: 'button_validate' });
    expect({ class: error.class, applied: error.applied }).toEqual({ class: errorClass, applied });
  });
});
