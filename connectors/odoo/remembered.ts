import { abortable } from './abortable';

/** A value that is expensive to ask for and seldom changes. Concurrent askers share one request; a failure is not remembered. */
export class Remembered<T> {
  private value: Promise<T> | null = null;
  private since = 0;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly maxAgeMs: number,
  ) {}

  get(signal?: AbortSignal): Promise<T> {
    if (!this.value || Date.now() - this.since >= this.maxAgeMs) this.value = this.start();
    return abortable(this.value, signal);
  }

  forget(): void {
    this.value = null;
  }

  private start(): Promise<T> {
    this.since = Date.now();
    const reading = this.read();
    reading.catch(() => {
      if (this.value === reading) this.value = null;
    });
    return reading;
  }
}
