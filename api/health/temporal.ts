import { Connection } from '@temporalio/client';
import type { Config } from '../../domain/config';
import type { TaskQueue } from '../../domain/kinds';

/** What a task queue looks like from outside: who asks it for work, and how much waits. */
export interface QueueReading {
  name: TaskQueue;
  /** Pollers that asked lately; 0 = nobody works here. */
  pollers: number;
  backlog: number;
}

/** The health monitor's eyes on Temporal. Each call rejects when it does not answer before the signal. */
export interface TemporalReader {
  ping(signal: AbortSignal): Promise<void>;
  queue(name: TaskQueue, signal: AbortSignal): Promise<QueueReading>;
  close(): Promise<void>;
}

/** A poll is held for 60 s; Temporal itself remembers a poller for five minutes, dead or not. */
const pollerFreshMs = 75_000;
/** temporal.api.enums.v1.TaskQueueType */
const queueTypes = { workflow: 1, activity: 2 } as const;

const millis = (at: { seconds?: unknown } | null | undefined): number => Number(String(at?.seconds ?? 0)) * 1000;

/** Connects with the first call, so that the API starts without Temporal. */
export function createTemporalReader({ address, namespace }: Config['temporal']): TemporalReader {
  // A probe is not repeated; and the client's own repeats would outlive `close` and end the process with an error.
  const connection = Connection.lazy({ address, interceptors: [] });
  let underWay = 0;

  /**
   * The client hands the signal on in an `AsyncLocalStorage`, which stays switched on when the call is over: from then on Node 20
   * notes the context of every promise of the process. A tenth of what a sale costs here.
   */
  async function call<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    underWay++;
    try {
      return await connection.withAbortSignal(signal, work);
    } finally {
      if (--underWay === 0) connection.callContextStorage.disable();
    }
  }

  return {
    async ping(signal) {
      await call(signal, () => connection.workflowService.describeNamespace({ namespace }));
    },
    async queue(name, signal) {
      const read = (taskQueueType: number) =>
        connection.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name },
          taskQueueType,
          reportStats: true,
        });
      const [workflows, activities] = await call(signal, () =>
        Promise.all([read(queueTypes.workflow), read(queueTypes.activity)]),
      );
      const fresh = (answer: typeof workflows) =>
        (answer.pollers ?? []).filter((poller) => millis(poller.lastAccessTime) > Date.now() - pollerFreshMs).length;
      const waiting = (answer: typeof workflows) => Number(String(answer.stats?.approximateBacklogCount ?? 0));
      return {
        name,
        // A queue needs both kinds; the lesser is what limits it.
        pollers: Math.min(fresh(workflows), fresh(activities)),
        backlog: waiting(workflows) + waiting(activities),
      };
    },
    close: () => connection.close(),
  };
}
