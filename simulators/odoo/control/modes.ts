/** The faults that `/_control` switches on. */
export const MODES = ['ok', 'down', 'slow', 'hold', 'error', 'throttle', 'apply_then_drop'] as const;
export type Mode = (typeof MODES)[number];

/** Longer than any client waits. */
export const DEFAULT_SLOW_MS = 120_000;

export interface Setting {
  mode: Mode;
  ms: number;
  /** HTTP status of `error`. */
  status: number;
  /** How many more changing calls it is for; null = until told otherwise. */
  left: number | null;
  /** Only for calls to this database; null = all. */
  db: string | null;
  /** Only for calls of this `model.method`; null = all. */
  method: string | null;
}

const OK: Setting = { mode: 'ok', ms: 0, status: 200, left: null, db: null, method: null };

/** One call, as far as a mode asks about it. */
export interface Met {
  /** As `_state` counts it. */
  name: string;
  db: string | undefined;
  changes: boolean;
}

/** The mode in force, and how often it still applies. */
export class Modes {
  private current: Setting = OK;
  private waiting: { name: string; answer: () => void }[] = [];
  /** How often it was set: what was held before is free. */
  private times = 0;

  /** What `hold` keeps the answers of, in the order in which they came. */
  get held(): string[] {
    return this.waiting.map(({ name }) => name);
  }

  get setting(): Setting {
    return this.current;
  }

  set(setting: Setting): void {
    this.current = setting;
    this.times += 1;
    const freed = this.waiting;
    this.waiting = [];
    for (const { answer } of freed) answer();
  }

  /** To be called when the mode meets a call; what it returns waits until the mode is set again, to whatever. */
  holder(name: string): () => Promise<void> {
    const met = this.times;
    return () =>
      met === this.times ? new Promise((answer) => this.waiting.push({ name, answer })) : Promise.resolve();
  }

  /**
   * What to do with one call. Counts it when it changes something; when `times` is used up the mode is `ok` again.
   * `down` and unlimited modes meet every call; with `times` the others leave calls alone that only read, and
   * `apply_then_drop` always does.
   */
  take({ name, db, changes }: Met): Setting {
    const setting = this.current;
    if (setting.mode === 'ok' || (setting.db !== null && setting.db !== db)) return OK;
    if (setting.method !== null && setting.method !== name) return OK;
    if (!changes) {
      const spares = setting.mode === 'apply_then_drop' || (setting.left !== null && setting.mode !== 'down');
      return spares ? OK : setting;
    }
    if (setting.left !== null) {
      const left = setting.left - 1;
      this.current = left > 0 ? { ...setting, left } : OK;
    }
    return setting;
  }
}
