import type { Page } from 'playwright-core';

/** An answer of the server that is on its way to the page for as long as a test wants. */
export interface HeldAnswer {
  /** Resolves when the server has given it: what happens from now on it does not know of. */
  given: Promise<void>;
  /** Lets it arrive; resolves when the page has heard it. */
  letGo(): Promise<void>;
}

/** Holds the answer to the page's next question of this address; those to later ones overtake it. */
export async function holdNextAnswer(page: Page, url: string | RegExp): Promise<HeldAnswer> {
  let [give, release, deliver] = [(): void => undefined, (): void => undefined, (): void => undefined];
  const given = new Promise<void>((resolve) => (give = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  let taken = false;
  // Not `times: 1`: such a handler is no longer known to the page while it is under way, and nobody can end it.
  await page.route(url, async (route) => {
    if (taken) return route.fallback();
    taken = true;
    const response = await route.fetch();
    give();
    await released;
    await route.fulfill({ response });
    deliver();
  });
  return {
    given,
    async letGo() {
      release();
      await delivered;
      // Asked for after it had arrived and answered since: by then the page has dealt with it.
      await page.evaluate(`fetch('/livez', { cache: 'no-store' }).then((answer) => answer.text())`);
    },
  };
}

/** Holds every question of this address from now on until a test lets them go; how often the page asks is its own affair. */
export async function holdQuestions(
  page: Page,
  url: string | RegExp | ((url: URL) => boolean),
): Promise<{ letGo(): Promise<void> }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(url, (route) => released.then(() => route.continue()));
  return {
    async letGo() {
      release();
      // Waits for those that are under way: the browser lets go by itself what a handler that is gone had held.
      await page.unrouteAll({ behavior: 'wait' });
    },
  };
}
