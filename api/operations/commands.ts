import { seesSite, type Actor } from '../../domain/access';
import { choicesOf } from '../../domain/choices';
import { NervioError } from '../../domain/errors';
import { kindSpecs, type CancelMeaning } from '../../domain/kinds';
import { finalStates, type OperationChoice, type OperationState, type RetryChoice } from '../../domain/operation';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import { findLocation } from '../../store/locations';
import { lanesOf } from '../../store/operation-lanes';
import {
  lockOperation,
  moveOperation,
  newAttempt,
  requestCancel,
  wasUndone,
  type OperationRow,
} from '../../store/operations';
import { addLook } from '../../store/outbox';
import { acceptFoundPlaces, readMove, type MoveRow } from '../../store/pallet-moves';
import { runCommand, type CommandResult } from '../command';
import type { ApiDeps } from '../deps';
import { acceptMove } from '../pallets/commands';

export interface OperationAnswer {
  operationId: string;
  state: OperationState;
}

/** With its move, when it is one. */
async function lockVisible(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ operation: OperationRow; move: MoveRow | null; choices: OperationChoice[] }> {
  const operation = await lockOperation(tx, id);
  if (!operation || !seesSite(actor, operation.siteId)) throw new NervioError('not_found');
  const move = operation.kind === 'move_pallets' ? await readMove(tx, id) : null;
  const problems = move?.lines.map((line) => line.problem) ?? [];
  return { operation, move, choices: choicesOf({ ...operation, problems }) };
}

/**
 * A person decides about an operation at rest: once more; from where the pallets are now; the good ones alone, which is a
 * new operation that replaces this one; or that a move which could not be undone stands.
 * @throws NervioError not_found, not_retryable, choice_not_offered
 */
export async function retryOperation(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: { choice?: RetryChoice },
  key: string,
): Promise<CommandResult<OperationAnswer>> {
  const path = `/api/v1/operations/${id}/retry`;
  const command = { actor, permission: 'operations.act', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const { operation, move, choices: offered } = await lockVisible(tx, actor, id);
    if (operation.state !== 'needs_attention') throw new NervioError('not_retryable', { state: operation.state });
    const choice = input.choice ?? 'again';
    if (!offered.includes(choice)) throw new NervioError('choice_not_offered', { offered });
    await audit(tx, actor, {
      action: `operation.retry.${choice}`,
      entityType: 'operation',
      entityId: id,
      operationId: id,
      before: { state: operation.state, attempt: operation.attempt, error: operation.error },
    });
    if (choice === 'others' && move) return replaceByOthers(tx, actor, operation, move);
    if (choice === 'from_current') await acceptFoundPlaces(tx, id);
    const row = await newAttempt(tx, operation, 'pending', {
      code: 'retried',
      data: { choice },
      actorId: actor.userId,
      lanes: await lanesOf(tx, operation),
      takesBackCancel: choice === 'as_is',
    });
    return { status: 202, body: { operationId: id, state: row.state }, operationId: id };
  });
}

async function replaceByOthers(tx: Tx, actor: Actor, operation: OperationRow, move: MoveRow) {
  const destination = await findLocation(tx, move.connectionId, { id: move.destinationId });
  if (!destination) throw new NervioError('unknown_location');
  const fresh = await acceptMove(tx, actor, {
    connectionId: move.connectionId,
    siteId: operation.siteId,
    destination,
    pallets: move.lines
      .filter((line) => line.problem === null)
      .map((line) => ({ code: line.code, from: line.checkFrom ? line.fromId : null })),
    scannedAt: move.scannedAt,
  });
  await moveOperation(tx, operation.id, {
    to: 'cancelled',
    code: 'replaced',
    data: { operationId: fresh.id, number: fresh.number },
    actorId: actor.userId,
    replacedBy: fresh.id,
  });
  return { status: 202, body: { operationId: fresh.id, state: fresh.state }, operationId: fresh.id };
}

/**
 * Cancels an operation. What has left no trace outside ends at once; a running attempt is told and undoes what is there;
 * one at rest with something left outside gets an attempt that undoes it.
 * A sale cannot: its rows were written when it was accepted. What works on our own tables only, as long as nothing has begun.
 * @throws NervioError not_found, already_final, use_void, choice_not_offered
 */
export async function cancelOperation(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<OperationAnswer>> {
  const path = `/api/v1/operations/${id}/cancel`;
  const command = { actor, permission: 'operations.act', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const { operation, choices: offered } = await lockVisible(tx, actor, id);
    const row = await cancelAs(kindSpecs[operation.kind].cancel, tx, actor, operation, offered);
    await audit(tx, actor, {
      action: 'operation.cancel',
      entityType: 'operation',
      entityId: id,
      operationId: id,
      before: { state: operation.state },
      after: { state: row.state },
    });
    return { status: 202, body: { operationId: id, state: row.state }, operationId: id };
  });
}

async function cancelAs(
  meaning: CancelMeaning,
  tx: Tx,
  actor: Actor,
  operation: OperationRow,
  offered: OperationChoice[],
): Promise<OperationRow> {
  switch (meaning) {
    case 'undo':
      return cancel(tx, actor, operation);
    case 'void':
      throw new NervioError('use_void', { state: operation.state });
    case 'before_start':
      if (finalStates.includes(operation.state)) throw new NervioError('already_final', { state: operation.state });
      if (!offered.includes('cancel')) throw new NervioError('choice_not_offered', { offered });
      return end(tx, actor, operation);
  }
}

async function cancel(tx: Tx, actor: Actor, operation: OperationRow): Promise<OperationRow> {
  const untouched = operation.outside === 'none' && operation.runId === null;
  switch (operation.state) {
    case 'synced':
    case 'compensated':
    case 'cancelled':
      throw new NervioError('already_final', { state: operation.state });
    case 'compensating':
      // It is being undone already.
      return operation;
    case 'needs_attention':
      // Undone already, and stopped before it said so: the next attempt says it.
      if (operation.outside === 'none' && !(await wasUndone(tx, operation.id))) return end(tx, actor, operation);
      return newAttempt(tx, operation, 'compensating', {
        code: 'compensating',
        actorId: actor.userId,
        lanes: await lanesOf(tx, operation),
      });
    case 'pending':
    case 'waiting':
    case 'syncing': {
      if (untouched && operation.state !== 'syncing') return end(tx, actor, operation);
      if (operation.cancelRequested) return operation;
      const row = await requestCancel(tx, operation.id, actor.userId);
      if (row.workflowId && row.runId) await addLook(tx, { ...row, workflowId: row.workflowId });
      return row;
    }
  }
}

async function end(tx: Tx, actor: Actor, operation: OperationRow): Promise<OperationRow> {
  const row = await moveOperation(tx, operation.id, {
    to: 'cancelled',
    code: 'cancelled',
    step: 'cancelled',
    actorId: actor.userId,
  });
  if (!row) throw new NervioError('version_conflict');
  return row;
}
