import { drain, type QueueDeps, type QueueSession } from './queue';

export interface SenderDeps extends Pick<QueueDeps, 'storage' | 'send' | 'session' | 'exclusive' | 'contended'> {
  /** The server is known not to answer: nothing is tried. */
  offline(): boolean;
  /** A move is on its way, or none is any more. */
  onSending(sending: boolean): void;
  /** Whose session the server sees; asked before anything is sent. */
  onSession(session: QueueSession | null): void;
  /** The server has taken something. */
  onSent(): Promise<void>;
}

/** Reading the queue failed: maybe the disk is back by then. */
const brokenMs = 30_000;
const unreachableMs = 2_000;

/** Sends what waits, in the background, as often as it takes, until it is stopped. What is under way then is finished. */
export class Sender {
  private wake: number | undefined;
  private draining = false;
  private again = false;
  private stopped = false;

  constructor(private readonly deps: SenderDeps) {}

  /** Sends what waits; again when something came in meanwhile. */
  send(): void {
    if (this.stopped || this.deps.offline()) return;
    if (this.draining) this.again = true;
    else void this.drainAll();
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.wake);
  }

  private async drainAll(): Promise<void> {
    const { deps } = this;
    this.draining = true;
    window.clearTimeout(this.wake);
    try {
      const result = await drain({
        ...deps,
        send: (move) => {
          deps.onSending(true);
          return deps.send(move);
        },
        session: async () => {
          const session = await deps.session();
          if (session !== 'unreachable') deps.onSession(session);
          return session;
        },
        now: Date.now,
        random: Math.random,
      });
      if (result.stopped === 'unauthenticated') deps.onSession(null);
      if (result.stopped === 'backing_off') this.later(Math.max(200, result.wakeAt - Date.now()));
      if (result.stopped === 'unreachable') this.later(unreachableMs);
      if (result.sent > 0) await deps.onSent();
    } catch (error) {
      console.error('the queue of this device cannot be sent', error);
      this.later(brokenMs);
    } finally {
      this.draining = false;
      deps.onSending(false);
    }
    if (!this.again) return;
    this.again = false;
    this.send();
  }

  private later(ms: number): void {
    if (!this.stopped) this.wake = window.setTimeout(() => this.send(), ms);
  }
}
