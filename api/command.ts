import { hash } from 'node:crypto';
import type { Actor, Permission } from '../domain/access';
import { isErrorCode, NervioError } from '../domain/errors';
import type { Tx } from '../store/db';
import { lockKey, readAnswer, storeAnswer, type StoredAnswer } from '../store/idempotency';
import { readOperation } from '../store/operations';
import type { ApiDeps } from './deps';
import { requirePermission } from './permission';

type Reader = Pick<Tx, 'tenantId' | 'query'>;

/** A command as it came in; method, path and body make its fingerprint. */
export interface Command {
  actor: Actor;
  permission: Permission;
  /** Idempotency-Key, scoped by tenant. */
  key: string;
  method: 'POST' | 'PATCH';
  path: string;
  body: unknown;
}

export interface CommandAnswer<Body = unknown> {
  status: number;
  body: Body;
  operationId?: string;
}

export interface CommandResult<Body = unknown> {
  status: number;
  body: Body;
  /** It was answered before; this is the same answer. */
  replayed: boolean;
}

/** A refusal as it is kept with its key. */
export interface StoredRefusal {
  refused: string;
  extra: Record<string, unknown>;
}

const isRefusal = (response: unknown): response is StoredRefusal =>
  typeof response === 'object' && response !== null && 'refused' in response;

/** `value` as JSON with the members of its objects sorted: their order does not make another command. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const name of Object.keys(members).sort()) {
    if (members[name] !== undefined) parts.push(`${JSON.stringify(name)}:${canonical(members[name])}`);
  }
  return `{${parts.join()}}`;
}

export function fingerprintOf({ method, path, body }: Pick<Command, 'method' | 'path' | 'body'>): Buffer {
  return hash('sha256', canonical([method, path, body ?? null]), 'buffer');
}

/** @throws NervioError idempotency_key_reused when the command made no operation */
async function operationAnswer(tx: Reader, operationId: string | null): Promise<object> {
  const operation = operationId === null ? null : await readOperation(tx, operationId);
  if (!operation) throw new NervioError('idempotency_key_reused');
  return { operationId: operation.id, number: operation.number, state: operation.state };
}

/**
 * What was answered to the key before.
 * @throws NervioError idempotency_key_reused, and what the command was refused with
 */
export async function repeatAnswer<Body>(
  tx: Reader,
  stored: StoredAnswer,
  fingerprint: Buffer,
): Promise<CommandResult<Body>> {
  if (!fingerprint.equals(stored.fingerprint)) throw new NervioError('idempotency_key_reused');
  if (isRefusal(stored.response) && isErrorCode(stored.response.refused)) {
    throw new NervioError(stored.response.refused, stored.response.extra);
  }
  // The answer has expired, the key has not: what became of the command is told by its operation.
  const body = stored.response ?? (await operationAnswer(tx, stored.operationId));
  return { status: stored.status, body: body as Body, replayed: true };
}

/** Business refusals are an answer like any other; the rest may turn out otherwise when it is sent again. */
export const isStored = (error: NervioError): boolean =>
  (error.spec.status === 422 || error.spec.status === 409) &&
  error.code !== 'command_in_progress' &&
  error.code !== 'idempotency_key_reused';

/**
 * Idempotency in: permission first, then the key's stored answer, then the command in ONE transaction with everything that
 * it writes. What `handle` threw is rolled back; a business refusal is then kept with its key in a transaction of its own.
 * @throws NervioError forbidden, command_in_progress, idempotency_key_reused, and whatever `handle` refuses with
 */
export async function runCommand<Body>(
  deps: Pick<ApiDeps, 'db'>,
  command: Command,
  handle: (tx: Tx) => Promise<CommandAnswer<Body>>,
): Promise<CommandResult<Body>> {
  requirePermission(command.actor, command.permission);
  const { tenantId } = command.actor;
  const fingerprint = fingerprintOf(command);

  const answered = async (tx: Tx): Promise<CommandResult<Body> | null> => {
    const locked = await lockKey(tx, command.key);
    const stored = await readAnswer(tx, command.key);
    // What has been answered is answered again, also while somebody else repeats it.
    if (stored) return repeatAnswer<Body>(tx, stored, fingerprint);
    if (!locked) throw new NervioError('command_in_progress', {}, { retryAfterMs: 1000 });
    return null;
  };

  let refusal: NervioError;
  try {
    return await deps.db.withTenant(tenantId, async (tx) => {
      const before = await answered(tx);
      if (before) return before;
      const answer = await handle(tx);
      await storeAnswer(tx, command.key, {
        fingerprint,
        status: answer.status,
        response: answer.body,
        operationId: answer.operationId ?? null,
      });
      return { status: answer.status, body: answer.body, replayed: false };
    });
  } catch (error) {
    if (!(error instanceof NervioError) || !isStored(error)) throw error;
    refusal = error;
  }
  const meanwhile = await deps.db.withTenant(tenantId, async (tx) => {
    // Someone may have come between; then their answer stands, and `answered` throws or returns it.
    const before = await answered(tx);
    if (before) return before;
    const response: StoredRefusal = { refused: refusal.code, extra: refusal.extra };
    await storeAnswer(tx, command.key, { fingerprint, status: refusal.spec.status, response });
    return null;
  });
  if (meanwhile) return meanwhile;
  throw refusal;
}
