import { connect, type Socket } from 'node:net';
import { Durations } from './figures';
import { now } from './open-loop';

/** An answer: its status and, for all but 201, its body. */
export interface Answer {
  status: number;
  body: string;
}

/** Who stands in line for a connection longer than this goes away: beyond what can be served, lines would only grow. */
const patienceMs = 2_000;
/** The status of those. */
export const gaveUp = 504;

/**
 * HTTP/1.1 over kept connections, with so little of its own that the load is not what is measured: a request is one write, an
 * answer is its status and its length.
 */
export class HttpLoad {
  private readonly idle: Line[] = [];
  private waiting: Waiting[] = [];
  private next = 0;
  private open = 0;

  constructor(
    private readonly url: URL,
    private readonly connections: number,
  ) {}

  /** @param head lines after the request line and Host, each with its end */
  post(path: string, head: string, body: string): Promise<Answer> {
    const length = Buffer.byteLength(body);
    const request =
      `POST ${path} HTTP/1.1\r\nHost: ${this.url.host}\r\nContent-Type: application/json\r\n` +
      `${head}Content-Length: ${length}\r\n\r\n${body}`;
    return new Promise((resolve, reject) => this.take({ request, done: { resolve, reject }, since: now() }));
  }

  close(): void {
    for (const line of this.idle) line.socket.destroy();
  }

  private take(work: Waiting): void {
    const line = this.idle.pop();
    if (line) line.send(work.request, work.done);
    else if (this.open < this.connections) {
      this.open++;
      new Line(this.url, this.free).send(work.request, work.done);
    } else this.waiting.push(work);
  }

  private readonly free = (line: Line, alive: boolean): void => {
    if (!alive) {
      this.open--;
      // The server closes those that rest for long.
      const resting = this.idle.indexOf(line);
      if (resting >= 0) {
        this.idle.splice(resting, 1);
        return;
      }
    }
    const next = this.first();
    if (next && alive) line.send(next.request, next.done);
    else if (next) this.take(next);
    else if (alive) this.idle.push(line);
  };

  /** The first in line who is still there. */
  private first(): Waiting | undefined {
    for (let work = this.waiting[this.next]; work; work = this.waiting[this.next]) {
      this.next++;
      if (now() - work.since < patienceMs) return work;
      work.done.resolve({ status: gaveUp, body: '' });
    }
    this.waiting = [];
    this.next = 0;
    return undefined;
  }
}

interface Waiting {
  request: string;
  done: Done;
  since: number;
}

interface Done {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const end = Buffer.from('\r\n\r\n');

class Line {
  readonly socket: Socket;
  private done: Done | null = null;
  private rest: Buffer | null = null;
  private dead = false;

  constructor(
    url: URL,
    private readonly free: (line: Line, alive: boolean) => void,
  ) {
    this.socket = connect({ host: url.hostname === 'localhost' ? '127.0.0.1' : url.hostname, port: Number(url.port) });
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.hear(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  send(request: string, done: Done): void {
    this.done = done;
    this.socket.write(request);
  }

  private hear(chunk: Buffer): void {
    const data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    const at = data.indexOf(end);
    const head = at < 0 ? '' : data.toString('latin1', 0, at);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? NaN);
    if (at < 0 || data.length < at + end.length + length) {
      this.rest = data;
      return;
    }
    this.rest = null;
    const { done } = this;
    this.done = null;
    const status = Number(head.slice(9, 12));
    const body = status === 201 ? '' : data.toString('utf8', at + end.length);
    this.free(this, true);
    done?.resolve({ status, body });
  }

  private fail(error: Error): void {
    if (this.dead) return;
    this.dead = true;
    this.socket.destroy();
    const { done } = this;
    this.done = null;
    this.free(this, false);
    done?.reject(error);
  }
}

export interface LoadRun {
  sent: number;
  seconds: number;
  /** By status; 0 = no answer. */
  statuses: Map<number, number>;
  durations: Durations;
  /** The first answer of each status but 201. */
  examples: Map<number, string>;
}

/** Told to come again, or gone before they were served. */
export const turnedAway = (run: LoadRun): number => countOf(run, 503) + countOf(run, gaveUp);
export const countOf = (run: LoadRun, status: number): number => run.statuses.get(status) ?? 0;
/** Of 201, in a second, until the last answer. */
export const perSecond = (run: LoadRun): number => countOf(run, 201) / run.seconds;

function start(): { run: LoadRun; note(answer: Promise<Answer>, from: number): Promise<void> } {
  const run: LoadRun = {
    sent: 0,
    seconds: 0,
    statuses: new Map(),
    durations: new Durations(),
    examples: new Map(),
  };
  const count = (status: number, text: string): void => {
    run.statuses.set(status, (run.statuses.get(status) ?? 0) + 1);
    if (status !== 201 && !run.examples.has(status)) run.examples.set(status, text.slice(0, 300));
  };
  return {
    run,
    note(answer, from) {
      run.sent++;
      return answer.then(
        ({ status, body }) => {
          count(status, body);
          // Who was not served has no latency.
          if (status !== gaveUp) run.durations.add(now() - from);
        },
        (error: unknown) => count(0, String(error)),
      );
    },
  };
}

/** So many a second, whatever comes back; each counts from the moment at which it was meant to be sent. */
export async function offered(rate: number, seconds: number, send: () => Promise<Answer>): Promise<LoadRun> {
  const { run, note } = start();
  const total = Math.round(rate * seconds);
  const began = now() + 5;
  const under: Promise<void>[] = [];
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const time = now();
      while (under.length < total && began + (under.length * 1000) / rate <= time) {
        under.push(note(send(), began + (under.length * 1000) / rate));
      }
      if (under.length < total) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
  await Promise.all(under);
  run.seconds = (now() - began) / 1000;
  return run;
}

/** As fast as it goes: each of `callers` sends its next when it has its answer. */
export async function closedLoop(callers: number, seconds: number, send: () => Promise<Answer>): Promise<LoadRun> {
  const { run, note } = start();
  const began = now();
  const until = began + seconds * 1000;
  const call = async (): Promise<void> => {
    for (let from = now(); from < until; from = now()) await note(send(), from);
  };
  await Promise.all(Array.from({ length: callers }, call));
  run.seconds = (now() - began) / 1000;
  return run;
}
