import type { OperationChange } from '../../../domain/operation';
import { refreshApi } from './api';

/** `live`: changes arrive as they happen. `lost`: the stream broke; the browser is at it again. */
export type FeedState = 'connecting' | 'live' | 'lost';

export interface FeedListener {
  onChange(change: OperationChange): void;
  /** What is known cannot be continued: read everything anew. */
  onReset(): void;
}

/** The server pings every 10 s; longer silence means a dead connection that the browser has not noticed. */
const silentMs = 25_000;
const reopenMs = 2_000;

/**
 * The page's one stream of changes, open while somebody listens. The browser resumes by Last-Event-ID; what was missed
 * beyond that is a reset.
 */
export class OperationFeed {
  private readonly listeners = new Set<FeedListener>();
  private readonly watchers = new Set<() => void>();
  private source: EventSource | null = null;
  private state: FeedState = 'connecting';
  private heard = 0;
  private watchdog: number | undefined;
  private reopen: number | undefined;

  snapshot = (): FeedState => this.state;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  subscribe(listener: FeedListener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  }

  private open(): void {
    this.close();
    this.heard = Date.now();
    const source = new EventSource('/api/v1/operations/stream');
    this.source = source;
    source.addEventListener('open', () => this.set('live'));
    source.addEventListener('ping', () => this.set('live'));
    source.addEventListener('change', (event: MessageEvent<string>) => {
      this.set('live');
      const change = JSON.parse(event.data) as OperationChange;
      for (const listener of this.listeners) listener.onChange(change);
    });
    source.addEventListener('reset', () => {
      this.set('live');
      for (const listener of this.listeners) listener.onReset();
    });
    source.addEventListener('error', () => {
      this.set('lost');
      // A broken connection it mends itself; an answer that is no stream closes it for good: perhaps the session has ended,
      // which the answer to any other question tells, and leads to the log-in.
      if (source.readyState !== EventSource.CLOSED) return;
      void refreshApi('/me');
      this.openLater();
    });
    this.watchdog = window.setInterval(() => {
      if (Date.now() - this.heard < silentMs) return;
      this.set('lost');
      this.open();
    }, silentMs / 5);
  }

  private openLater(): void {
    window.clearTimeout(this.reopen);
    this.reopen = window.setTimeout(() => this.listeners.size > 0 && this.open(), reopenMs);
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    window.clearInterval(this.watchdog);
    window.clearTimeout(this.reopen);
  }

  private set(state: FeedState): void {
    if (state === 'live') this.heard = Date.now();
    if (state === this.state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}
