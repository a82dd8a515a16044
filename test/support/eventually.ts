/** Waits for something that other processes bring about: asks until it holds. @throws what `describe` says, when it does not */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  holds: (value: T) => boolean,
  describe: (value: T) => string = (value) => JSON.stringify(value),
  withinMs = 60_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${describe(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Waits until something is so. @throws what was waited for, when it does not come to that */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  await eventually(holds, Boolean, () => what);
}
