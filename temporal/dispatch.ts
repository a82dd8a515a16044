import { randomUUID } from 'node:crypto';
import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../store/db';
import { moveOperation } from '../store/operations';
import { dropOutbox, readOutbox, returnOutbox, type OutboxRow } from '../store/outbox';
import { registerSearchAttributes, searchAttributesOf } from './search-attributes';

export interface DispatcherOptions {
  /** Rows claimed at most per (task queue, tenant) in a round. */
  perTenant: number;
  /** How long a claimed row is ours. Longer than a round takes; after kill -9 its rows wait for this long. */
  leaseMs: number;
  /** Pause between rounds when no hint comes. */
  pollMs: number;
  /** Pause after Temporal did not answer, first and longest. */
  backoffMs: number;
  maxBackoffMs: number;
  /** How long one call of Temporal may take, its own retries included. Shorter than the lease. */
  callMs: number;
  /** Starts under way at once. */
  concurrency: number;
  /** Further arguments of every started workflow; tests hand in short durations. */
  extraArgs?: unknown[];
}

export const defaultDispatcherOptions: DispatcherOptions = {
  perTenant: 50,
  leaseMs: 15_000,
  pollMs: 500,
  backoffMs: 250,
  maxBackoffMs: 5_000,
  callMs: 8_000,
  concurrency: 10,
};

/** How handing over one row ended. `later`: Temporal did not answer; the row keeps. */
type HandOver = 'done' | 'refused' | 'later';

// grpc-js status codes that mean: this very request will never be accepted.
const refusedForGood = new Set([3 /* INVALID_ARGUMENT */, 9 /* FAILED_PRECONDITION */, 11 /* OUT_OF_RANGE */]);

/**
 * Hands the outbox to Temporal: claims rows, commits, then calls Temporal outside any transaction, then removes them.
 * Any number may run at once. A row handed over twice has one effect: the workflow's first activity takes the operation
 * by compare-and-set.
 */
export class Dispatcher {
  private stopped = false;
  private wake: () => void = () => undefined;
  private loop: Promise<void> | null = null;

  constructor(
    private readonly deps: { db: Database; client: Client; log: Logger },
    private readonly options: DispatcherOptions = defaultDispatcherOptions,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.loop;
  }

  /** There is something to hand over. */
  hint(): void {
    this.wake();
  }

  private async run(): Promise<void> {
    let backoff = 0;
    while (!this.stopped) {
      let pause = this.options.pollMs;
      const hinted = this.nextHint();
      try {
        const { claimed, later } = await this.round();
        if (later) {
          backoff = Math.min(Math.max(backoff * 2, this.options.backoffMs), this.options.maxBackoffMs);
          pause = backoff;
        } else {
          backoff = 0;
          if (claimed > 0) pause = 0;
        }
      } catch (error) {
        this.deps.log.error({ err: error }, 'dispatch round failed');
        backoff = Math.min(Math.max(backoff * 2, this.options.backoffMs), this.options.maxBackoffMs);
        pause = backoff;
      }
      if (pause > 0 && !this.stopped) await hinted(pause, backoff > 0);
    }
  }

  /** Hints that come during a round count for the pause after it; while backing off they do not shorten it. */
  private nextHint(): (ms: number, deaf: boolean) => Promise<void> {
    let hinted = false;
    let resolve: (() => void) | null = null;
    this.wake = () => {
      hinted = true;
      resolve?.();
    };
    return (ms, deaf) =>
      new Promise((done) => {
        if (hinted && !deaf) return done();
        const timer = setTimeout(done, ms);
        resolve = () => {
          if (deaf && !this.stopped) return;
          clearTimeout(timer);
          done();
        };
        if (this.stopped) resolve();
      });
  }

  /** One round; public for the tests, which kill between its steps. */
  async round(): Promise<{ claimed: number; later: boolean }> {
    const batchId = randomUUID();
    const claimed = await this.deps.db.definer.claimOutbox(batchId, this.options.perTenant, this.options.leaseMs);
    const byTenant = new Map<string, string[]>();
    for (const row of claimed) byTenant.set(row.tenantId, [...(byTenant.get(row.tenantId) ?? []), row.outboxId]);
    let later = false;
    for (const [tenantId, ids] of byTenant) {
      if (await this.handOverTenant(tenantId, batchId, ids)) later = true;
    }
    // Last, because what can go should not wait for what cannot.
    await this.park();
    return { claimed: claimed.length, later };
  }

  /** Operations whose connection is down show «waiting» at once; their rows stay until it is back. */
  private async park(): Promise<void> {
    for (const { tenantId, operationId } of await this.deps.db.definer.findParkable(200)) {
      await this.deps.db.withTenant(tenantId, (tx) =>
        moveOperation(tx, operationId, {
          to: 'waiting',
          from: ['pending'],
          code: 'parked',
          step: 'parked',
          keepsSlot: true,
        }),
      );
    }
  }

  private async handOverTenant(tenantId: string, batchId: string, ids: string[]): Promise<boolean> {
    const { db, log } = this.deps;
    const rows = await db.withTenant(tenantId, (tx) => readOutbox(tx, batchId, ids));
    const ends: Record<HandOver, OutboxRow[]> = { done: [], refused: [], later: [] };
    const queue = [...rows];
    const worker = async (): Promise<void> => {
      for (let row = queue.shift(); row; row = queue.shift()) {
        // Once Temporal did not answer, the rest of the batch need not ask.
        const end = ends.later.length > 0 ? 'later' : await this.handOver(tenantId, row);
        ends[end].push(row);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.options.concurrency, rows.length) }, worker));
    const idsOf = (list: OutboxRow[]) => list.map((row) => row.id);
    if (ends.done.length > 0) await db.withTenant(tenantId, (tx) => dropOutbox(tx, batchId, idsOf(ends.done)));
    if (ends.later.length > 0) {
      await db.withTenant(tenantId, (tx) => returnOutbox(tx, batchId, idsOf(ends.later), 0, 'Temporal did not answer'));
    }
    for (const row of ends.refused) {
      log.error(
        { outboxId: row.id, operationId: row.operationId, workflowId: row.workflowId },
        'start refused for good',
      );
      await db.withTenant(tenantId, async (tx) => {
        if (row.operationId) {
          await moveOperation(tx, row.operationId, {
            to: 'needs_attention',
            from: ['pending', 'waiting'],
            code: 'attention',
            step: 'start_refused',
            data: { code: 'start_refused', lines: [] },
            error: { code: 'start_refused' },
            ...(row.attempt !== null && { attempt: row.attempt }),
          });
        }
        await dropOutbox(tx, batchId, [row.id]);
      });
    }
    return ends.later.length > 0;
  }

  private async handOver(tenantId: string, row: OutboxRow): Promise<HandOver> {
    const { client, log } = this.deps;
    try {
      // A server that hangs must not hold the rest of the outbox for as long as it hangs.
      await client.withDeadline(Date.now() + this.options.callMs, () => this.callTemporal(tenantId, row));
      return 'done';
    } catch (error) {
      // A signal to a workflow that has ended: what it was to look at, the sweep finds.
      if (error instanceof WorkflowNotFoundError) return 'done';
      const cause = error instanceof ServiceError ? error.cause : error;
      log.warn({ err: error, workflowId: row.workflowId }, 'hand-over failed');
      if (!isGrpcServiceError(cause) || !refusedForGood.has(cause.code)) return 'later';
      if (!/search attribute/i.test(cause.details)) return 'refused';
      // A Temporal that is new, or lost its database: it can learn them.
      await registerSearchAttributes(client).catch((failed: unknown) =>
        log.error({ err: failed }, 'Temporal does not take the search attributes'),
      );
      return 'later';
    }
  }

  private async callTemporal(tenantId: string, row: OutboxRow): Promise<void> {
    const { client } = this.deps;
    if (row.action === 'signal') {
      await client.workflow.getHandle(row.workflowId).signal(row.signal ?? 'look', ...row.args);
      return;
    }
    const options = {
      taskQueue: row.queue,
      workflowId: row.workflowId,
      args: [...row.args, ...(this.options.extraArgs ?? [])],
      // Running already = it was handed over before and the answer was lost.
      workflowIdConflictPolicy: 'USE_EXISTING' as const,
      typedSearchAttributes: searchAttributesOf({
        tenantId,
        siteId: row.siteId,
        kind: row.kind ?? row.workflowType,
        operationId: row.operationId,
      }),
    };
    if (row.action === 'start') await client.workflow.start(row.workflowType, options);
    else {
      await client.workflow.signalWithStart(row.workflowType, {
        ...options,
        signal: row.signal ?? 'look',
        signalArgs: [],
      });
    }
  }
}
