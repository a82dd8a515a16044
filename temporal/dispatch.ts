import { randomUUID } from 'node:crypto';
import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { kindSpecs, type OperationBatch } from '../domain/kinds';
import type { Database } from '../store/db';
import { moveOperation } from '../store/operations';
import { dropOutbox, readOutbox, returnOutbox, type OutboxRow } from '../store/outbox';
import { registerSearchAttributes, searchAttributesOf } from './search-attributes';

export interface DispatcherOptions {
  /** Rows claimed at most per (task queue, tenant) in a round. */
  perTenant: number;
  /** The same where work comes in batches: the most operations of one workflow. */
  perBatch: number;
  /**
   * Starts of batched work at most in a second. A quiet shop's sale goes at once; what comes faster than Temporal begins
   * workflows waits in PostgreSQL, where it becomes larger batches, and not in Temporal as many small ones.
   */
  batchStartsPerSecond: number;
  /** How long a claimed row is ours. Longer than a round takes; after kill -9 its rows wait for this long. */
  leaseMs: number;
  /** Pause between claims when no hint comes. */
  pollMs: number;
  /** Pause after Temporal did not answer, first and longest. */
  backoffMs: number;
  maxBackoffMs: number;
  /** How long one call of Temporal may take, its own retries included. Shorter than the lease. */
  callMs: number;
  /** Batches under way at once. */
  batches: number;
  /** Starts of a batch under way at once. */
  concurrency: number;
  /** Further arguments of every started workflow; tests hand in short durations. */
  extraArgs?: unknown[];
}

export const defaultDispatcherOptions: DispatcherOptions = {
  perTenant: 50,
  perBatch: 500,
  batchStartsPerSecond: 8,
  leaseMs: 15_000,
  pollMs: 500,
  backoffMs: 250,
  maxBackoffMs: 5_000,
  callMs: 8_000,
  batches: 4,
  concurrency: 10,
};

/** Rows that were claimed together, by tenant. */
interface Batch {
  id: string;
  claimed: number;
  byTenant: Map<string, string[]>;
}

/** What one call of Temporal hands over: a row, or several operations of a tenant as one workflow. */
interface Unit {
  rows: OutboxRow[];
  workflowId: string;
  args: unknown[];
  /** Set for several. */
  batchId: string | null;
}

const single = (row: OutboxRow): Unit => ({ rows: [row], workflowId: row.workflowId, args: row.args, batchId: null });

/** Starts that may go together; what takes a place of a connection goes by itself. */
const isBatched = (row: OutboxRow): boolean =>
  row.action === 'start' &&
  row.operationId !== null &&
  row.attempt !== null &&
  row.connectionId === null &&
  row.kind !== null &&
  kindSpecs[row.kind].batched === true;

/** One workflow for all batched starts of a kind of workflow when there are several; one for each other row. */
export function unitsOf(tenantId: string, batchId: string, rows: OutboxRow[]): Unit[] {
  const units: Unit[] = [];
  const batches = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    if (isBatched(row)) batches.set(row.workflowType, [...(batches.get(row.workflowType) ?? []), row]);
    else units.push(single(row));
  }
  for (const [workflowType, members] of batches) {
    const [first] = members;
    if (!first || members.length === 1) {
      units.push(...members.map(single));
      continue;
    }
    const batch: OperationBatch = {
      tenantId,
      members: members.flatMap(({ operationId, attempt }): OperationBatch['members'] =>
        operationId !== null && attempt !== null ? [[operationId, attempt]] : [],
      ),
    };
    // A claim has rows of several tenants, and ids are one namespace.
    units.push({ rows: members, workflowId: `${workflowType}-${batchId}-${tenantId}`, args: [batch], batchId });
  }
  return units;
}

/** How handing over one unit ended. `later`: Temporal did not answer; the row keeps. */
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
  /** When batched work may be claimed again, ms on the process's clock. */
  private batchesFrom = 0;

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

  /**
   * Claims one batch after the other, and hands each over without keeping the next claim waiting: a place of a connection
   * that comes free meanwhile is given out at once. While Temporal is away, one batch at a time, with growing pauses.
   */
  private async run(): Promise<void> {
    const { batches, backoffMs, maxBackoffMs, pollMs } = this.options;
    const underWay = new Set<Promise<void>>();
    let failures = 0;
    const failed = (error: unknown): void => {
      this.deps.log.error({ err: error }, 'dispatch round failed');
      failures++;
    };
    while (!this.stopped) {
      const hinted = this.nextHint();
      let claimed = 0;
      const pausedMs = this.batchesFrom - performance.now();
      try {
        const batch = await this.claim();
        claimed = batch.claimed;
        if (claimed === 0) {
          // Nothing left to hand over; with a batch under way that is still to be seen.
          if (underWay.size === 0) failures = 0;
        } else {
          const work = this.handOverBatch(batch)
            .then((later) => {
              failures = later ? failures + 1 : 0;
            }, failed)
            .then(() => void underWay.delete(work));
          underWay.add(work);
        }
        await this.park();
      } catch (error) {
        failed(error);
      }
      while (underWay.size >= batches || (failures > 0 && underWay.size > 0)) await Promise.race(underWay);
      if (this.stopped) break;
      if (failures > 0) await hinted(Math.min(backoffMs * 2 ** (failures - 1), maxBackoffMs), true);
      else if (claimed === 0) await hinted(pausedMs > 0 ? Math.min(pausedMs, pollMs) : pollMs, false);
    }
    await Promise.all(underWay);
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
    const batch = await this.claim();
    const later = await this.handOverBatch(batch);
    await this.park();
    return { claimed: batch.claimed, later };
  }

  private async claim(): Promise<Batch> {
    const id = randomUUID();
    const { perTenant, leaseMs, perBatch } = this.options;
    const batchLimit = performance.now() >= this.batchesFrom ? perBatch : 0;
    const rows = await this.deps.db.definer.claimOutbox(id, { limit: perTenant, leaseMs, batchLimit });
    const byTenant = new Map<string, string[]>();
    for (const row of rows) byTenant.set(row.tenantId, [...(byTenant.get(row.tenantId) ?? []), row.outboxId]);
    return { id, claimed: rows.length, byTenant };
  }

  /** Returns whether Temporal did not answer for some of it. */
  private async handOverBatch({ id, byTenant }: Batch): Promise<boolean> {
    let later = false;
    for (const [tenantId, ids] of byTenant) {
      if (await this.handOverTenant(tenantId, id, ids)) later = true;
    }
    return later;
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
    const queue = unitsOf(tenantId, batchId, rows);
    this.pace(queue.filter(({ rows: [row] }) => row !== undefined && isBatched(row)).length);
    const worker = async (): Promise<void> => {
      for (let unit = queue.shift(); unit; unit = queue.shift()) {
        // Once Temporal did not answer, the rest of the batch need not ask.
        const end = ends.later.length > 0 ? 'later' : await this.handOver(tenantId, unit);
        // Whose fault it is that a batch is refused shows when each goes by itself.
        if (end === 'refused' && unit.rows.length > 1) queue.push(...unit.rows.map(single));
        else ends[end].push(...unit.rows);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.options.concurrency, queue.length) }, worker));
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

  /** So many starts of batched work: the next of it may be claimed when their time has passed. */
  private pace(starts: number): void {
    const now = performance.now();
    this.batchesFrom = Math.max(now, this.batchesFrom) + (starts * 1_000) / this.options.batchStartsPerSecond;
  }

  private async handOver(tenantId: string, unit: Unit): Promise<HandOver> {
    const { client, log } = this.deps;
    try {
      // A server that hangs must not hold the rest of the outbox for as long as it hangs.
      await client.withDeadline(Date.now() + this.options.callMs, () => this.callTemporal(tenantId, unit));
      return 'done';
    } catch (error) {
      // A signal to a workflow that has ended: what it was to look at, the sweep finds.
      if (error instanceof WorkflowNotFoundError) return 'done';
      const cause = error instanceof ServiceError ? error.cause : error;
      log.warn({ err: error, workflowId: unit.workflowId }, 'hand-over failed');
      if (!isGrpcServiceError(cause) || !refusedForGood.has(cause.code)) return 'later';
      if (!/search attribute/i.test(cause.details)) return 'refused';
      // A Temporal that is new, or lost its database: it can learn them.
      await registerSearchAttributes(client).catch((failed: unknown) =>
        log.error({ err: failed }, 'Temporal does not take the search attributes'),
      );
      return 'later';
    }
  }

  private async callTemporal(tenantId: string, { rows, workflowId, args, batchId }: Unit): Promise<void> {
    const { client } = this.deps;
    const [row] = rows;
    if (!row) return;
    if (row.action === 'signal') {
      await client.workflow.getHandle(workflowId).signal(row.signal ?? 'look', ...args);
      return;
    }
    const options = {
      taskQueue: row.queue,
      workflowId,
      args: [...args, ...(this.options.extraArgs ?? [])],
      // Running already = it was handed over before and the answer was lost.
      workflowIdConflictPolicy: 'USE_EXISTING' as const,
      typedSearchAttributes: searchAttributesOf({
        tenantId,
        // A batch lists no members (2,048 bytes is the limit): each operation knows its workflow.
        ...(batchId === null
          ? { siteId: row.siteId, kind: row.kind ?? row.workflowType, operationId: row.operationId }
          : { kind: row.workflowType, batchId }),
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
