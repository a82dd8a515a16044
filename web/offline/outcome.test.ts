import { outcomeOf, retryAfterMs } from './outcome';

const now = Date.parse('2026-01-01T00:00:00Z');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  outcomeOf(status, new Headers(headers), body, now);

describe('what an answer means for the queue', () => {
  it('202 with an operation is accepted', () => {
    expect(answer(202, { operationId: 'op', state: 'pending' })).toEqual({
      kind: 'accepted',
      operationId: 'op',
      state: 'pending',
    });
  });

  it('says when, by the clock of the server', () => {
    const date = 'Thu, 01 Jan 2026 01:00:00 GMT';
    expect(answer(202, { operationId: 'op', state: 'pending' }, { date })).toMatchObject({ at: Date.parse(date) });
  });

  it.each([
    ['a captive portal', '<html>'],
    ['a cut body', null],
    ['an unknown state', { operationId: 'op', state: 'great' }],
  ])('2xx from %s is no answer', (_, body) =>
    expect(answer(200, body)).toMatchObject({ kind: 'later', unknown: true }),
  );

  it('401 keeps the item for the log-in', () => {
    expect(answer(401, { code: 'session_ended' })).toEqual({ kind: 'unauthenticated' });
  });

  it.each([
    [422, 'unknown_pallet'],
    [422, 'idempotency_key_reused'],
    [409, 'insufficient_stock'],
    [403, 'forbidden'],
    [400, 'malformed'],
    [413, 'payload_too_large'],
  ])('%i %s is a final no, with its sentence and number', (status, code) => {
    expect(answer(status, { code, detail: 'Frase.', instance: 'urn:uuid:1' })).toEqual({
      kind: 'refused',
      reason: { code, detail: 'Frase.', instance: 'urn:uuid:1' },
    });
  });

  it.each([
    ['lines', { lines: [{ code: 'P1' }, { code: 'P2' }] }],
    ['pallets', { pallets: ['P1', 'P2'] }],
  ])('a refusal names its pallets in %s', (_, extra) => {
    expect(answer(422, { code: 'same_location', ...extra })).toMatchObject({ reason: { pallets: ['P1', 'P2'] } });
  });

  it.each([
    [409, 'command_in_progress'],
    [429, 'rate_limited'],
    [500, 'internal'],
    [503, 'unavailable'],
  ])('%i %s is tried again, not before the server says', (status, code) => {
    expect(answer(status, { code }, { 'retry-after': '7' })).toMatchObject({ kind: 'later', code, afterMs: 7_000 });
  });

  it.each([502, 504, 404, 403, 302])('%i of a proxy is tried again', (status) => {
    expect(answer(status, '<html>Bad gateway</html>')).toMatchObject({ kind: 'later' });
  });

  it('reads Retry-After in seconds or as a date, within reason', () => {
    expect(retryAfterMs('2', now)).toBe(2_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfterMs('86400', now)).toBe(300_000);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs(null, now)).toBeUndefined();
  });
});
