/** What came of one job. */
export type Outcome<Result> = { result: Result } | { error: unknown };

export interface BatcherOptions<Job, Result> {
  /** Does them all; one outcome per job, in their order. When it rejects, all of them have failed. */
  run(tenantId: string, jobs: Job[]): Promise<Outcome<Result>[]>;
  /** Most jobs of a batch. */
  mostJobs: number;
  /** Most lines, by `weightOf`, of a batch of more than one job. */
  mostWeight: number;
  weightOf(job: Job): number;
  /**
   * What a job locks from its beginning to its end. Batches that are under way at once have no lane in common: the later would wait
   * for the earlier with all that it holds.
   */
  laneOf(job: Job): string;
  /** Batches of one tenant that are under way at once. */
  mostUnderWay: number;
  /** Jobs of one tenant that wait; more are turned away by `tooMany`. */
  mostWaiting: number;
  tooMany(): Error;
}

export interface Batcher<Job, Result> {
  submit(tenantId: string, job: Job): Promise<Result>;
  /** Resolves when nothing waits or is under way. */
  idle(): Promise<void>;
}

interface Waiting<Job, Result> {
  job: Job;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface Queue<Job, Result> {
  waiting: Waiting<Job, Result>[];
  lanes: Set<string>;
  /** Batches, and what is in them. */
  underWay: number;
  jobsUnderWay: number;
  scheduled: boolean;
}

/**
 * Micro-batches, tenant by tenant and, in each lane, in order of arrival. Nobody waits for a batch to fill: what arrives in one turn of the event
 * loop goes at once while none is under way, and what arrives meanwhile goes together with the next. The next begins beside one that is
 * under way when as many wait as are in that: a batch of few costs nearly what a batch of many does.
 */
export function createBatcher<Job, Result>(options: BatcherOptions<Job, Result>): Batcher<Job, Result> {
  const queues = new Map<string, Queue<Job, Result>>();
  const running = new Set<Promise<void>>();

  function take(queue: Queue<Job, Result>): Waiting<Job, Result>[] {
    const batch: Waiting<Job, Result>[] = [];
    const later: Waiting<Job, Result>[] = [];
    let weight = 0;
    for (const [index, one] of queue.waiting.entries()) {
      if (queue.lanes.has(options.laneOf(one.job))) {
        later.push(one);
        continue;
      }
      weight += options.weightOf(one.job);
      if (batch.length === options.mostJobs || (batch.length > 0 && weight > options.mostWeight)) {
        later.push(...queue.waiting.slice(index));
        break;
      }
      batch.push(one);
    }
    queue.waiting = later;
    return batch;
  }

  async function runOne(tenantId: string, batch: Waiting<Job, Result>[]): Promise<void> {
    try {
      const outcomes = await options.run(
        tenantId,
        batch.map(({ job }) => job),
      );
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index]!;
        if ('result' in outcome) resolve(outcome.result);
        else reject(outcome.error);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function start(tenantId: string, queue: Queue<Job, Result>): void {
    const isEnough = () => queue.waiting.length >= Math.max(1, queue.jobsUnderWay);
    while (queue.underWay < options.mostUnderWay && isEnough()) {
      const batch = take(queue);
      if (batch.length === 0) return;
      const lanes = batch.map(({ job }) => options.laneOf(job));
      for (const lane of lanes) queue.lanes.add(lane);
      queue.underWay++;
      queue.jobsUnderWay += batch.length;
      const run = runOne(tenantId, batch).then(() => {
        queue.underWay--;
        queue.jobsUnderWay -= batch.length;
        for (const lane of lanes) queue.lanes.delete(lane);
        running.delete(run);
        if (queue.waiting.length > 0) start(tenantId, queue);
        else if (queue.underWay === 0 && !queue.scheduled) queues.delete(tenantId);
      });
      running.add(run);
    }
  }

  return {
    submit(tenantId, job) {
      let queue = queues.get(tenantId);
      if (queue === undefined) {
        queue = { waiting: [], lanes: new Set(), underWay: 0, jobsUnderWay: 0, scheduled: false };
        queues.set(tenantId, queue);
      }
      if (queue.waiting.length >= options.mostWaiting) return Promise.reject(options.tooMany());
      const own = queue;
      const answer = new Promise<Result>((resolve, reject) => own.waiting.push({ job, resolve, reject }));
      if (!own.scheduled && own.underWay < options.mostUnderWay) {
        own.scheduled = true;
        setImmediate(() => {
          own.scheduled = false;
          start(tenantId, own);
        });
      }
      return answer;
    },
    async idle() {
      while (queues.size > 0) {
        if (running.size > 0) await Promise.all(running);
        else await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
  };
}
