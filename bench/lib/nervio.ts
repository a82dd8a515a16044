import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface Accepted {
  operationId: string;
  number: number;
}

interface Change {
  operationId: string;
  state: string;
}

/** The stack under test, as a device of a warehouse worker sees it. */
export class NervioClient {
  private token = '';
  private loggedInAt = 0;
  private readonly seen = new Map<string, (at: number) => void>();
  private readonly early = new Map<string, number>();
  private stream: AbortController | null = null;

  constructor(private readonly url: string) {}

  /** Access tokens last ten minutes. */
  async logIn(): Promise<void> {
    if (Date.now() - this.loggedInAt < 300_000) return;
    const answer = await fetch(`${this.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'bodega@demo.test', password: 'nervio-demo' }),
    });
    if (!answer.ok) throw new Error(`log-in failed: ${answer.status} ${await answer.text()}`);
    this.token = ((await answer.json()) as { accessToken: string }).accessToken;
    this.loggedInAt = Date.now();
  }

  /** POST /pallet-moves. Throws with the problem's text when it is refused. */
  async move(destination: string, pallets: { code: string; from: string }[]): Promise<Accepted> {
    const answer = await fetch(`${this.url}/api/v1/pallet-moves`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({ destination, pallets, scannedAt: new Date().toISOString() }),
    });
    if (answer.status !== 202) throw new Error(`move refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Accepted;
  }

  /** Listens to the live feed; call `stop` before leaving. */
  async listen(): Promise<void> {
    this.stop();
    const control = new AbortController();
    this.stream = control;
    const answer = await fetch(`${this.url}/api/v1/operations/stream`, {
      headers: { authorization: `Bearer ${this.token}` },
      signal: control.signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`no live feed: ${answer.status}`);
    this.read(answer.body).catch((error: unknown) => {
      if (!control.signal.aborted) throw error;
    });
    await pause(300);
  }

  stop(): void {
    this.stream?.abort();
    this.stream = null;
  }

  /** When the feed says that the operation is synced, epoch ms; rejects after `withinMs` or when it comes to rest otherwise. */
  async synced(operationId: string, withinMs = 60_000): Promise<number> {
    const early = this.early.get(operationId);
    if (early !== undefined) return early;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${operationId} was not synced in ${withinMs} ms`)), withinMs);
      this.seen.set(operationId, (at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(chunk, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) this.hear(event);
    }
  }

  private hear(event: string): void {
    if (!event.includes('event: change')) return;
    const data = event.split('\n').find((line) => line.startsWith('data: '));
    if (data === undefined) return;
    const change = JSON.parse(data.slice('data: '.length)) as Change;
    if (change.state !== 'synced') return;
    const at = performance.timeOrigin + performance.now();
    const waiting = this.seen.get(change.operationId);
    if (waiting) waiting(at);
    else this.early.set(change.operationId, at);
    this.seen.delete(change.operationId);
  }
}
