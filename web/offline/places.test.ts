import { type KnownPlace, placeOf } from './places';
import type { OperationState } from '../../domain/operation';
import type { QueuedMove } from './queue';

const now = Date.parse('2026-01-01T12:00:00Z');
const a = { id: 'a', name: 'Cámara A', barcode: 'CAM-A' };
const b = { id: 'b', name: 'Cámara B', barcode: 'CAM-B' };
const ago = (ms: number) => new Date(now - ms).toISOString();
const known = (ms: number): KnownPlace => ({ location: a, asOf: ago(ms) });

function moved(change: Partial<QueuedMove>): QueuedMove {
  return {
    id: 'm',
    seq: 1,
    tenantId: 'demo',
    userId: 'ana',
    userName: 'Ana',
    destination: b,
    pallets: [{ code: 'P', from: null, weightKg: null }],
    scannedAt: ago(10_000),
    status: 'queued',
    attempts: 0,
    notBefore: 0,
    maybeSent: false,
    reason: null,
    operation: null,
    ...change,
  };
}

const operation = (state: OperationState, ms: number) => ({ id: 'op', number: 1, state, version: 1, at: ago(ms) });

describe('where a pallet is, for a scan', () => {
  it('is where the server just said', () => {
    expect(placeOf('P', known(1_000), [], 'ana', now)).toMatchObject({ location: a, certain: true });
  });

  it('was where an old answer says, and that is not certain', () => {
    expect(placeOf('P', known(3_600_000), [], 'ana', now)).toMatchObject({ location: a, certain: false });
  });

  it('is not certain by an answer from the future: the clocks disagree', () => {
    expect(placeOf('P', known(-3_600_000), [], 'ana', now)).toMatchObject({ location: a, certain: false });
    expect(placeOf('P', known(-1_000), [], 'ana', now)).toMatchObject({ location: a, certain: true });
  });

  it('is where a queued move of one’s own puts it', () => {
    expect(placeOf('P', known(1_000), [moved({})], 'ana', now)).toMatchObject({
      location: b,
      certain: true,
      byOwnMove: true,
    });
  });

  it('is where the last of several moves puts it', () => {
    const back = moved({ id: 'n', seq: 2, destination: a });
    expect(placeOf('P', known(1_000), [moved({}), back], 'ana', now)).toMatchObject({ location: a, certain: true });
  });

  it.each([
    ["another person's unsent move", moved({ userId: 'beto' })],
    ['a move that was set aside', moved({ status: 'set_aside' })],
    ['a move that needs attention since', moved({ status: 'accepted', operation: operation('needs_attention', 500) })],
    ['a move that was cancelled since', moved({ status: 'accepted', operation: operation('cancelled', 500) })],
  ])('is not certain after %s', (_, move) => {
    expect(placeOf('P', known(1_000), [move], 'ana', now).certain).toBe(false);
  });

  it.each(['pending', 'syncing', 'waiting', 'synced'] as const)('is where an accepted move (%s) puts it', (state) => {
    const move = moved({ status: 'accepted', operation: operation(state, 500) });
    expect(placeOf('P', known(1_000), [move], 'ana', now)).toMatchObject({ location: b, certain: true });
  });

  it('is where the server says after a move that had ended before', () => {
    const move = moved({ status: 'accepted', operation: operation('synced', 5_000) });
    expect(placeOf('P', known(1_000), [move], 'ana', now)).toMatchObject({ location: a, certain: true });
  });

  it('is unknown for a pallet that nobody has seen', () => {
    expect(placeOf('Q', null, [moved({})], 'ana', now)).toEqual({
      location: null,
      certain: false,
      byOwnMove: false,
      asOf: null,
    });
  });
});
