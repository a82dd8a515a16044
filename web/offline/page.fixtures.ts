/** What a page has and Node has not, as far as the logic needs it: events, focus, visibility, channels between tabs. */
export interface Page {
  /** Whether the tab that asks has the focus. */
  focused: boolean;
  visible(visible: boolean): void;
  focus(): void;
  /** Channels that nobody closed. */
  open(): number;
  /** Event streams that nobody closed. */
  streams(): number;
  remove(): void;
}

const names = ['window', 'document', 'navigator', 'BroadcastChannel', 'EventSource'] as const;

/** Puts a page into the place of the globals; `remove` takes it away again. */
export function stubPage(): Page {
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  const channels = new Set<Channel>();
  class Channel extends EventTarget {
    constructor(readonly name: string) {
      super();
      channels.add(this);
    }
    postMessage(data: unknown): void {
      for (const other of channels)
        if (other !== this && other.name === this.name)
          queueMicrotask(() => channels.has(other) && other.dispatchEvent(new MessageEvent('message', { data })));
    }
    close(): void {
      channels.delete(this);
    }
  }
  const streams = new Set<Stream>();
  class Stream extends EventTarget {
    static readonly CLOSED = 2;
    readyState = 0;
    constructor() {
      super();
      streams.add(this);
    }
    close(): void {
      streams.delete(this);
    }
  }
  let visibilityState: DocumentVisibilityState = 'visible';
  const page: Page = {
    focused: true,
    visible(visible) {
      visibilityState = visible ? 'visible' : 'hidden';
      document.dispatchEvent(new Event('visibilitychange'));
    },
    focus() {
      page.focused = true;
      window.dispatchEvent(new Event('focus'));
    },
    open: () => channels.size,
    streams: () => streams.size,
    remove() {
      for (const [name, descriptor] of before)
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
    },
  };
  const timers = {
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: NodeJS.Timeout | undefined) => clearTimeout(timer),
    setInterval: (run: () => void, ms: number) => setInterval(run, ms),
    clearInterval: (timer: NodeJS.Timeout | undefined) => clearInterval(timer),
  };
  const stubs = {
    window: Object.assign(new EventTarget(), timers),
    document: Object.defineProperty(
      Object.assign(new EventTarget(), { hasFocus: () => page.focused, documentElement: { lang: 'es' } }),
      'visibilityState',
      { get: () => visibilityState },
    ),
    navigator: {},
    BroadcastChannel: Channel,
    EventSource: Stream,
  };
  for (const name of names)
    Object.defineProperty(globalThis, name, { value: stubs[name], configurable: true, writable: true });
  return page;
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
