import type { OperationChange, OperationSummary } from '../../domain/operation';
import { readOperation } from './api';
import type { QueuedMove } from './queue';

/** What is followed of an operation. */
export interface Seen {
  operationId: string;
  state: OperationChange['state'];
  version: number;
  number: number;
  at: string;
  error?: NonNullable<NonNullable<QueuedMove['operation']>['error']>;
}

function seenOf({ id, state, version, number, updatedAt, error }: OperationSummary): Seen {
  const why = error && {
    code: error.code,
    ...(error.detail !== undefined && { detail: error.detail }),
    pallets: (error.lines ?? []).map(({ code }) => code),
  };
  return { operationId: id, state, version, number, at: updatedAt, ...(why && { error: why }) };
}

const pollMs = 4_000;
const reopenMs = 3_000;

/**
 * Follows operations live: the server's event stream (which the browser resumes by Last-Event-ID), and a look at each every
 * few seconds as long as the stream is not open. Runs only while there is something to follow and the network is there.
 */
export class Follower {
  private ids: readonly string[] = [];
  private stream: EventSource | null = null;
  private poll: number | undefined;
  private reopen: number | undefined;
  private live = false;

  constructor(private readonly seen: (change: Seen) => void) {}

  follow(ids: readonly string[], online: boolean): void {
    const fresh = ids.filter((id) => !this.ids.includes(id));
    this.ids = ids;
    if (ids.length === 0 || !online) {
      this.stop();
      return;
    }
    if (!this.stream) this.open();
    if (this.poll === undefined) this.poll = window.setInterval(() => !this.live && void this.look(this.ids), pollMs);
    // It may have moved on between its acceptance and the first event.
    if (fresh.length > 0) void this.look(fresh);
  }

  private open(): void {
    window.clearTimeout(this.reopen);
    const stream = new EventSource('/api/v1/operations/stream');
    this.stream = stream;
    stream.addEventListener('open', () => {
      this.live = true;
      void this.look(this.ids);
    });
    stream.addEventListener('change', (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as OperationChange;
      if (this.ids.includes(change.operationId)) void this.take(change);
    });
    stream.addEventListener('reset', () => void this.look(this.ids));
    stream.addEventListener('error', () => {
      this.live = false;
      // Closed for good (an error status): the browser does not try again by itself.
      if (stream.readyState === EventSource.CLOSED && this.stream === stream) {
        this.stream = null;
        this.reopen = window.setTimeout(() => this.ids.length > 0 && this.open(), reopenMs);
      }
    });
  }

  private async look(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const operation = await readOperation(id);
      if (!operation) continue;
      this.seen(seenOf(operation));
    }
  }

  /** A change says that a person is needed, not why: that is asked for. */
  private async take({ operationId, state, version, number, at }: OperationChange): Promise<void> {
    const operation = state === 'needs_attention' ? await readOperation(operationId) : null;
    this.seen(operation ? seenOf(operation) : { operationId, state, version, number, at });
  }

  private stop(): void {
    window.clearTimeout(this.reopen);
    window.clearInterval(this.poll);
    this.poll = undefined;
    this.stream?.close();
    this.stream = null;
    this.live = false;
  }
}
