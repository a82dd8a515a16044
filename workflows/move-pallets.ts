import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  isCancellation,
  log,
  CancellationScope,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { MovePalletsActivities } from '../activities/move-pallets/activities';
import type { Next } from '../activities/move-pallets/endings';
import type { MoveProjections } from '../activities/move-pallets/projections';
import type { OperationRef } from '../domain/kinds';
import { errors, isErrorCode, type ErrorCode } from '../domain/errors';
import type { OperationError } from '../domain/operation';
import { compensation, defaultTiming, pauseOf, projection, write, type Timing } from './profiles';
import { look } from './signals';

const project = proxyLocalActivities<MoveProjections>(projection);

/**
 * PICK-03…05: one attempt of a pallet move. Bad pallets are found before anything is created; then the transfer is found
 * or created in Odoo by its name and driven to done. Trouble with Odoo: quick retries, then waiting until somebody says
 * «look»; what cannot go comes to rest with nothing left open in Odoo, and a person decides. A cancel undoes what is there,
 * and waits in the same way. With a queue the run goes on to the next in line once a move has ended well (decisions/009):
 * `run` names the one that it was started for, the activities know which it has at hand.
 */
export async function movePallets(ref: OperationRef, timing: Timing = defaultTiming): Promise<void> {
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const run = { ...ref, workflowId, runId };
  const writing = proxyActivities<Pick<MovePalletsActivities, 'transferPallets' | 'withdrawTransfer'>>(write(timing));
  const undoing = proxyActivities<Pick<MovePalletsActivities, 'undoTransfer'>>(compensation(timing));

  let looked = false;
  setHandler(look, () => {
    looked = true;
  });

  async function move(): Promise<Next> {
    const transfer = await writing.transferPallets(run);
    switch (transfer.end) {
      case 'fenced':
        return 'stop';
      case 'settled':
        return transfer.next;
      case 'cancel':
        return project.beginUndo(run);
      case 'bad':
        return project.restMove(run, transfer.error);
      case 'problem':
        return rest(transfer.error);
    }
  }

  /** At rest means that nothing is left open in Odoo. */
  async function rest(error: OperationError): Promise<Next> {
    const left = await writing.withdrawTransfer(run);
    if (left.end === 'fenced') return 'stop';
    if (left.end === 'done') return project.settleMove(run);
    return project.restMove(run, error);
  }

  async function afterFailure(failure: ApplicationFailure): Promise<Next> {
    const code = failure.type ?? 'internal';
    if (!isPermanent(failure)) return waitBecauseOf(failure);
    try {
      return await rest({ code, detail: failure.message });
    } catch (error) {
      const cleanUp = applicationFailure(error);
      // What Odoo does not let us clean up stays, and the operation keeps its place until a person has seen to it.
      if (isPermanent(cleanUp)) return project.restMove(run, { code, detail: failure.message });
      // The clean-up itself met trouble: it is tried again when Odoo answers.
      return waitBecauseOf(cleanUp);
    }
  }

  let ownTroubles = 0;
  function waitBecauseOf(failure: ApplicationFailure): Promise<Next> {
    const code = failure.type ?? 'internal';
    const [told] = (failure.details ?? []) as { retryAfterMs?: number }[];
    ownTroubles = code === 'internal' ? ownTroubles + 1 : 0;
    const wakeAfterMs = pauseOf({ code, retryAfterMs: told?.retryAfterMs }, ownTroubles, timing);
    return project.waitMove(run, { code, detail: failure.message, wakeAfterMs });
  }

  async function wait(): Promise<Next> {
    await condition(() => looked, timing.farNetMs * (1 + Math.random() / 4));
    looked = false;
    return project.resumeMove(run);
  }

  async function undo(): Promise<Next> {
    const undone = await undoing.undoTransfer(run);
    switch (undone.end) {
      case 'fenced':
        return 'stop';
      case 'nothing':
      case 'undone':
        return project.endUndo(run, undone.end);
      case 'blocked':
        return project.restMove(run, undone.error);
    }
  }

  let undoRounds = 0;
  async function afterFailedUndo(failure: ApplicationFailure): Promise<Next> {
    const away = awayCodes.includes(failure.type ?? 'internal');
    if (!away) undoRounds++;
    if (!isPermanent(failure) && undoRounds <= timing.undoRounds) return waitBecauseOf(failure);
    return project.restMove(run, { code: 'undo_failed', detail: failure.message });
  }

  // Terminating is for ops; cancelling from the Temporal UI must not leave an operation half-done, so we go on.
  await CancellationScope.nonCancellable(async () => {
    let next = await project.takeMove(run);
    while (next !== 'stop') {
      switch (next) {
        case 'move':
          try {
            next = await move();
          } catch (error) {
            next = await afterFailure(applicationFailure(error));
          }
          break;
        case 'wait':
          next = await wait();
          break;
        case 'undo':
          try {
            next = await undo();
          } catch (error) {
            next = await afterFailedUndo(applicationFailure(error));
          }
          break;
      }
    }
    log.info('Move at rest', { operationId: ref.operationId, attempt: ref.attempt });
  });
}

/** Odoo is not there, or lets nobody in: told once on the connection, and no reason to give up. */
const awayCodes: readonly string[] = [
  'odoo_unreachable',
  'odoo_credentials',
  'odoo_incompatible',
] satisfies ErrorCode[];

/** Trying again by itself does not help. */
function isPermanent(failure: ApplicationFailure): boolean {
  const code = failure.type ?? 'internal';
  return isErrorCode(code) && !errors[code].retryable;
}

/** The failure that an activity ended with; a time-out of the activity itself counts as an unknown outcome. */
function applicationFailure(error: unknown): ApplicationFailure {
  if (isCancellation(error)) throw error;
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure) {
    if (error.cause instanceof ApplicationFailure) return error.cause;
    return ApplicationFailure.create({ type: 'odoo_unknown_outcome', message: error.cause?.message ?? error.message });
  }
  throw error;
}
