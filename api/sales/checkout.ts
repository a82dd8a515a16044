import type { AdmissionMode } from '../../domain/admission';
import { NervioError } from '../../domain/errors';
import { parseQuantity } from '../../domain/quantity';
import type { Admission } from '../../store/admission';
import { siteSkuKey } from '../../store/articles';
import type { HotPath } from '../../store/hot-path';
import { isOvertaken } from '../../store/stock';
import { isUnavailable } from '../../store/unavailable';
import type { CommandResult } from '../command';
import { type Articles, createArticleMemory } from './article-memory';
import { LockWanted, refuseShort, sellBatch, type SaleJob, type SaleOutcome } from './batch';
import { createBatcher, type Outcome } from '../batcher';
import { createRush } from './rush';
import type { AcceptedSale } from './schemas';
import { createTimeLimit } from '../time-limit';

/** Sales of this process on their way into the database. */
export interface Checkout {
  /** @throws NervioError what the sale is refused with */
  sell(job: SaleJob): Promise<CommandResult<AcceptedSale>>;
  /** Resolves when no sale is on its way. */
  idle(): Promise<void>;
}

export interface CheckoutOptions {
  hotPath: Pick<HotPath, 'withTenant'>;
  admission: Pick<Admission, 'look' | 'forget'>;
  mode: AdmissionMode;
  log: { warn(what: object, text: string): void; error(what: object, text: string): void };
  mostUnderWay?: number;
  /** Longest wait for an answer, ms; its route has no limit of its own. */
  answerMs?: number;
}

const mostSales = 200;
const mostLines = 2_000;
const mostWaiting = 5_000;
/** A lost race (SQLSTATE class 40) may be won the next time. */
const tries = 3;

/** SALE-01, design §4.5: sales of a tenant go into the database together, and answer when they are committed. */
export function createCheckout({
  hotPath,
  admission,
  mode,
  log,
  mostUnderWay = 2,
  answerMs = 30_000,
}: CheckoutOptions): Checkout {
  const rush = createRush();
  const memory = createArticleMemory();
  const limits = {
    mostJobs: mostSales,
    mostWeight: mostLines,
    weightOf: ({ input }: SaleJob) => input.lines.length,
    laneOf: ({ input }: SaleJob) => input.registerId,
    mostUnderWay,
    mostWaiting,
    tooMany: () => new NervioError('unavailable', {}, { retryAfterMs: 1000, detail: 'Too many sales wait' }),
  };
  const sales = createBatcher<SaleJob, CommandResult<AcceptedSale>>({
    ...limits,
    run: (tenantId, jobs) => onceByKey(jobs, (served) => runServed(tenantId, served), replayed),
  });
  /** Those that are likely to be refused; null = it was not so. */
  const doubts = createBatcher<SaleJob, NervioError | null>({
    ...limits,
    mostUnderWay: 1,
    run: (tenantId, jobs) =>
      onceByKey(
        jobs,
        async (served) => {
          const refusals = await hotPath.withTenant(tenantId, (tx) => refuseShort(tx, served, memory));
          return refusals.map((result) => ({ result }));
        },
        (result) => result,
      ),
  });

  async function runServed(tenantId: string, jobs: SaleJob[]): Promise<SaleOutcome[]> {
    try {
      return await attempt(tenantId, jobs);
    } catch (error) {
      // Without a database nobody is served, and nobody knows whether the commit was heard: each asks again with its key.
      if (isAway(error)) throw unavailable(error);
      log.warn({ err: error, sales: jobs.length }, 'sales are taken one by one');
    }
    // One of them is the reason: it alone shall fail, and the others in their order.
    const outcomes: SaleOutcome[] = [];
    for (const job of jobs) {
      const last = outcomes.at(-1);
      const away = last !== undefined && 'error' in last && isAway(last.error);
      outcomes.push(away ? last : await alone(tenantId, job));
    }
    return outcomes;
  }

  async function alone(tenantId: string, job: SaleJob): Promise<SaleOutcome> {
    for (let count = 1; ; count++) {
      try {
        const [outcome] = await attempt(tenantId, [job]);
        return outcome!;
      } catch (error) {
        if (isLostRace(error) && count < tries) continue;
        if (isAway(error)) return { error: unavailable(error) };
        log.error({ err: error, key: job.key }, 'a sale could not be taken');
        return { error };
      }
    }
  }

  async function attempt(tenantId: string, jobs: SaleJob[]): Promise<SaleOutcome[]> {
    const sell = (lock: boolean) => hotPath.withTenant(tenantId, (tx) => sellBatch(tx, jobs, memory, { lock }));
    const { outcomes, articles } = await sell(false).catch((error: unknown) => {
      if (error instanceof LockWanted || isOvertaken(error)) return sell(true);
      throw error;
    });
    remember(tenantId, jobs, outcomes, articles);
    return outcomes;
  }

  /** Marks what was refused for want of stock. */
  function remember(tenantId: string, jobs: SaleJob[], outcomes: SaleOutcome[], articles: Articles): void {
    if (mode === 'off') return;
    outcomes.forEach((outcome, index) => {
      const { siteId, lines } = jobs[index]!.input;
      const short = 'error' in outcome ? shortIn(outcome.error) : [];
      for (const sku of mode === 'always' ? lines.map((line) => line.sku) : short) {
        const article = articles.get(siteSkuKey({ siteId, sku }));
        if (article) rush.mark(tenantId, { siteId, sku }, article.variantId);
      }
    });
  }

  /** What is wanted of marked articles, by variant. */
  function markedIn({ actor, input }: SaleJob): Map<string, number> {
    const wanted = new Map<string, number>();
    if (mode === 'off' || input.ticketId != null) return wanted;
    for (const { sku, quantity } of input.lines) {
      const variantId = rush.of(actor.tenantId, { siteId: input.siteId, sku });
      if (variantId === undefined) continue;
      wanted.set(variantId, (wanted.get(variantId) ?? 0) + (parseQuantity(quantity) ?? 0));
    }
    return wanted;
  }

  async function isDoubtful({ actor, input }: SaleJob, wanted: ReadonlyMap<string, number>): Promise<boolean> {
    if (mode === 'memory') return true;
    const look = await admission.look(actor.tenantId, input.siteId, wanted);
    // Without Redis it counts what was refused here.
    return look === 'short' || (look === 'unknown' && mode === 'redis');
  }

  async function refusalOf(job: SaleJob): Promise<NervioError | null> {
    try {
      return await doubts.submit(job.actor.tenantId, job);
    } catch (error) {
      if (error instanceof NervioError) throw error;
      if (isAway(error)) throw unavailable(error);
      // Whatever was wrong with one of them: the ordinary way finds out whose it is.
      log.warn({ err: error }, 'doubtful sales were not looked at');
      return null;
    }
  }

  async function sell(job: SaleJob): Promise<CommandResult<AcceptedSale>> {
    const { tenantId } = job.actor;
    const { siteId, lines } = job.input;
    const wanted = markedIn(job);
    if (wanted.size > 0 && (await isDoubtful(job, wanted))) {
      const refusal = await refusalOf(job);
      if (refusal !== null) throw refusal;
      // It is there again, or is not asked for alone: whoever comes next is not kept waiting for that.
      for (const { sku } of lines) rush.unmark(tenantId, { siteId, sku });
      if (mode !== 'memory') admission.forget(tenantId, siteId, [...wanted.keys()]);
    }
    return sales.submit(tenantId, job);
  }

  // Nobody knows then whether it was sold: who asks again with the key is told.
  const limit = createTimeLimit(answerMs, () => new NervioError('unavailable', {}, { retryAfterMs: 1000 }));

  return {
    sell: (job) => limit.within(sell(job)),
    async idle() {
      await doubts.idle();
      await sales.idle();
    },
  };
}

/** Keys that repeat within a batch are served once. */
async function onceByKey<Result>(
  jobs: SaleJob[],
  serve: (jobs: SaleJob[]) => Promise<Outcome<Result>[]>,
  repeated: (result: Result) => Result,
): Promise<Outcome<Result>[]> {
  const first = new Map<string, SaleJob>();
  for (const job of jobs) if (!first.has(job.key)) first.set(job.key, job);
  const served = [...first.values()];
  const outcomes = await serve(served);
  if (served.length === jobs.length) return outcomes;
  const byKey = new Map(served.map((job, index) => [job.key, outcomes[index]!]));
  return jobs.map((job): Outcome<Result> => {
    const leader = first.get(job.key)!;
    const outcome = byKey.get(job.key)!;
    if (leader === job) return outcome;
    if (!leader.fingerprint.equals(job.fingerprint)) return { error: new NervioError('idempotency_key_reused') };
    return 'result' in outcome ? { result: repeated(outcome.result) } : outcome;
  });
}

const replayed = (result: CommandResult<AcceptedSale>): CommandResult<AcceptedSale> => ({ ...result, replayed: true });

const shortIn = (error: unknown): string[] =>
  error instanceof NervioError && error.code === 'insufficient_stock'
    ? (error.extra as { lines: { sku: string }[] }).lines.map(({ sku }) => sku)
    : [];

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const isLostRace = (error: unknown): boolean => /^40/.test(codeOf(error));

/** PostgreSQL cannot be reached, or did not get to it in time (57014): the same sale may go in a moment. */
const isAway = (error: unknown): boolean =>
  isUnavailable(error) || codeOf(error) === '57014' || codeOf(error) === 'unavailable';

const unavailable = (cause: unknown): NervioError =>
  cause instanceof NervioError ? cause : new NervioError('unavailable', {}, { cause, retryAfterMs: 1000 });
