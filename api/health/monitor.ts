/** `degraded`: it answers, but something about it needs a look. `unknown`: not asked yet. */
export type PartState = 'up' | 'degraded' | 'down' | 'unknown';

/** What a probe found. Latency in ms; `detail` is a code for people and alerts, never a secret. */
export interface Finding {
  state: Exclude<PartState, 'unknown'>;
  latencyMs: number | null;
  detail?: string | null;
}

export interface Probe {
  name: string;
  /** Throwing means down. `signal` aborts at the time-out; what comes after it is not waited for. */
  run(signal: AbortSignal): Promise<Finding>;
}

/** One part of the installation as it was last seen. */
export interface Part {
  name: string;
  state: PartState;
  latencyMs: number | null;
  detail: string | null;
  /** Since when it is in this state; of `unknown`, since the monitor runs. */
  since: Date;
  probedAt: Date | null;
}

export interface MonitorOptions {
  everyMs: number;
  timeoutMs: number;
  onChange?: (part: Part, before: PartState) => void;
  now?: () => Date;
}

/** OPS-01: the probes run every 10 s. */
export const monitorDefaults = { everyMs: 10_000, timeoutMs: 3_000 } as const;

/** Asks every part now and then, each by itself: one that hangs does not hide the others. */
export class HealthMonitor {
  private readonly parts: Map<string, Part>;
  private readonly now: () => Date;
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;

  constructor(
    private readonly probes: readonly Probe[],
    private readonly options: MonitorOptions,
  ) {
    this.now = options.now ?? (() => new Date());
    const since = this.now();
    this.parts = new Map(
      probes.map(({ name }) => [
        name,
        { name, state: 'unknown', latencyMs: null, detail: null, since, probedAt: null } satisfies Part,
      ]),
    );
  }

  start(): void {
    void this.probeNow();
    this.timer = setInterval(() => void this.probeNow(), this.options.everyMs);
  }

  /** Waits for the round that is under way, so that nothing asks a closed pool. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.round;
  }

  /** A round of all probes; joins the one that is under way. Never rejects. */
  probeNow(): Promise<void> {
    this.round ??= Promise.all(this.probes.map((probe) => this.ask(probe))).then(() => {
      this.round = null;
    });
    return this.round;
  }

  /** In the order of the probes. */
  snapshot(): Part[] {
    return [...this.parts.values()];
  }

  private async ask(probe: Probe): Promise<void> {
    const finding = await this.findingOf(probe);
    const before = this.parts.get(probe.name)!;
    const changed = before.state !== finding.state;
    const part: Part = {
      name: probe.name,
      state: finding.state,
      latencyMs: finding.latencyMs === null ? null : Math.round(finding.latencyMs * 10) / 10,
      detail: finding.detail ?? null,
      since: changed ? this.now() : before.since,
      probedAt: this.now(),
    };
    this.parts.set(probe.name, part);
    if (changed) this.options.onChange?.(part, before.state);
  }

  private async findingOf(probe: Probe): Promise<Finding> {
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Finding>((resolve) => {
      timer = setTimeout(() => {
        abort.abort();
        resolve({ state: 'down', latencyMs: null, detail: 'timeout' });
      }, this.options.timeoutMs);
    });
    try {
      return await Promise.race([probe.run(abort.signal), late]);
    } catch {
      // That it threw is the finding; the part's own client logs the error.
      return { state: 'down', latencyMs: null, detail: 'no_answer' };
    } finally {
      clearTimeout(timer);
    }
  }
}
