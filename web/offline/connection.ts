/** What the status bar says. `online` null: not known yet. */
export interface ConnectionState {
  online: boolean | null;
  latencyMs: number | null;
}

export interface ConnectionDeps {
  /** Rejects or resolves false when the server did not answer. */
  ping(signal: AbortSignal): Promise<boolean>;
  now(): number;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
}

/** A ping each second, and without an answer for so long we are offline: together less than the 2 s of the promise. */
export const pingEveryMs = 1_000;
export const silentAfterMs = 1_800;
/** A timer that runs so late tells of a page that was held up, not of the network. */
const heldUpMs = 200;
const samples = 5;

/** Measures whether the server answers, and how fast (median of the last answers). Tells listeners of changes only. */
export class ConnectionMonitor {
  private state: ConnectionState = { online: null, latencyMs: null };
  private readonly listeners = new Set<() => void>();
  private latencies: number[] = [];
  private lastAnswer: number | null = null;
  private timer: unknown = null;
  private watchdog: unknown = null;
  private running = false;

  constructor(private readonly deps: ConnectionDeps) {}

  snapshot = (): ConnectionState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  };

  /** The browser says that the network went away: no need to wait for a ping to fail. */
  lost(): void {
    this.latencies = [];
    this.set({ online: false, latencyMs: null });
  }

  /** Looks now (network back, page visible again). */
  check(): void {
    if (!this.running) return;
    if (this.timer !== null) this.deps.clearTimer(this.timer);
    this.tick();
  }

  private start(): void {
    this.running = true;
    this.tick();
  }

  private stop(): void {
    this.running = false;
    if (this.timer !== null) this.deps.clearTimer(this.timer);
    if (this.watchdog !== null) this.deps.clearTimer(this.watchdog);
    this.timer = this.watchdog = null;
  }

  private tick(): void {
    const sent = this.deps.now();
    const abort = new AbortController();
    this.timer = this.deps.setTimer(() => this.tick(), pingEveryMs);
    if (this.watchdog === null) this.watch();
    const giveUp = this.deps.setTimer(() => abort.abort(), 2 * silentAfterMs);
    void this.deps
      .ping(abort.signal)
      .catch(() => false)
      .then((ok) => {
        this.deps.clearTimer(giveUp);
        if (!this.running) return;
        if (ok) this.answered(this.deps.now() - sent);
        // A refused connection is known at once; a later answer to an earlier ping does not make it untrue.
        else if (this.lastAnswer === null || this.lastAnswer <= sent) this.lost();
      });
  }

  private answered(latency: number): void {
    this.lastAnswer = this.deps.now();
    this.watch();
    this.latencies = [...this.latencies, latency].slice(-samples);
    const sorted = [...this.latencies].sort((a, b) => a - b);
    this.set({
      online: true,
      latencyMs: Math.max(1, Math.round(sorted[Math.floor((sorted.length - 1) / 2)] ?? latency)),
    });
  }

  private watch(): void {
    if (this.watchdog !== null) this.deps.clearTimer(this.watchdog);
    const due = this.deps.now() + silentAfterMs;
    this.watchdog = this.deps.setTimer(() => this.silent(due), silentAfterMs);
  }

  private silent(due: number): void {
    this.watchdog = null;
    // Nothing was heard because nobody listened: what was answered meanwhile comes after this.
    if (this.deps.now() - due > heldUpMs) return this.watch();
    this.lost();
  }

  private set(next: ConnectionState): void {
    if (next.online === this.state.online && next.latencyMs === this.state.latencyMs) return;
    this.state = next;
    for (const listener of this.listeners) listener();
  }
}
