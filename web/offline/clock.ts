/** A slower answer says too little about when it was given. */
const slowMs = 5_000;

/** How far the server's clock is ahead of this device's, in ms; learned from its answers, as handhelds' clocks are often off. */
let offset = 0;

/** Learns from an answer's Date header, which is in whole seconds: good to about a second. */
export function learnServerTime(date: string | null, askedAt: number, answeredAt: number): void {
  const at = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(at) || answeredAt - askedAt > slowMs) return;
  offset = at + 500 - (askedAt + answeredAt) / 2;
}

/** The server's time, as far as this device knows; ms. What a server's instant is compared with. */
export const serverNow = (): number => Date.now() + offset;

export const clockOffset = (): number => offset;

/** What was learned before the page was loaded, for as long as the server cannot be asked. */
export function recallClockOffset(ms: number): void {
  offset = ms;
}
