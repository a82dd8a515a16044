import {
  addLine,
  completeLine,
  type Draft,
  emptyDraft,
  type Line,
  removeLine,
  setDestination,
  totals,
  undoLast,
} from './draft';
import { resolve } from './resolve';

const cold = { id: 'c0', name: 'Cámara 0°C REAL', barcode: 'CAM-01' };
const other = { id: 'c2', name: 'Cámara 2', barcode: 'CAM-02' };
const seen = {
  code: 'PACK0001234',
  weightKg: 456.7,
  product: null,
  problem: null,
  location: other,
  asOf: '2026-01-01T00:00:00Z',
};
const catalogue = {
  locations: new Map([
    ['CAM-01', cold],
    ['CAM-02', other],
  ]),
  pallets: new Map([['PACK0001234', seen]]),
};
const same = (text: string) => ({ text, physical: text });

function line(code: string, change: Partial<Line> = {}): Line {
  return { code, scannedAt: 0, weightKg: null, product: null, place: null, lookup: 'known', problem: null, ...change };
}

describe('what a scan means', () => {
  it('a code of the catalogue is a chamber', () => {
    expect(resolve(same('CAM-01'), catalogue)).toEqual({ kind: 'location', location: cold });
  });

  it('a chamber read through a Spanish layout by a US wedge is that chamber', () => {
    expect(resolve({ text: "CAM'01", physical: 'CAM-01' }, catalogue)).toEqual({ kind: 'location', location: cold });
  });

  it('a chamber read by a wedge that is set up for Spanish is that chamber', () => {
    expect(resolve({ text: 'CAM-01', physical: 'CAM/01' }, catalogue)).toEqual({ kind: 'location', location: cold });
  });

  it.each(['pack0001234', 'PACK0001234', ' PACK0001234 '])('a seen pallet is found as %p', (text) => {
    expect(resolve(same(text), catalogue)).toEqual({ kind: 'pallet', code: 'PACK0001234', known: seen });
  });

  it('an unknown code is a pallet to ask about, in the reading that looks printed', () => {
    expect(resolve({ text: "NEW'7", physical: 'NEW-7' }, catalogue)).toEqual({
      kind: 'pallet',
      code: 'NEW-7',
      known: null,
    });
    expect(resolve(same('new7'), catalogue)).toEqual({ kind: 'pallet', code: 'NEW7', known: null });
    expect(resolve(same('Pallet7'), catalogue)).toEqual({ kind: 'pallet', code: 'Pallet7', known: null });
  });
});

describe('a scan that stalled within its code', () => {
  const stalled = (rest: string, whole: string) => ({ ...same(rest), joined: same(whole) });

  it('is the whole code, when that is known or looks like what is known', () => {
    expect(resolve(stalled('M-01', 'CAM-01'), catalogue)).toEqual({ kind: 'location', location: cold });
    expect(resolve(stalled('ACK0001234', 'PACK0001234'), catalogue)).toMatchObject({
      code: 'PACK0001234',
      known: seen,
    });
    expect(resolve(stalled('ACK0009999', 'PACK0009999'), catalogue)).toMatchObject({ code: 'PACK0009999' });
  });

  it('is the code itself, when something else had been typed before', () => {
    expect(resolve(stalled('CAM-01', 'xCAM-01'), catalogue)).toEqual({ kind: 'location', location: cold });
    expect(resolve(stalled('PACK0009999', 'xPACK0009999'), catalogue)).toMatchObject({ code: 'PACK0009999' });
  });
});

describe('a move that is being scanned', () => {
  const scanned = (): Draft => addLine(addLine(setDestination(emptyDraft('d'), cold), line('P1')), line('P2'));

  it('undo takes the last scan back, step by step, down to nothing', () => {
    let draft = undoLast(scanned());
    expect(draft.lines.map(({ code }) => code)).toEqual(['P1']);
    draft = undoLast(draft);
    expect(draft).toMatchObject({ lines: [], destination: cold });
    draft = undoLast(draft);
    expect(draft.destination).toBeNull();
    expect(undoLast(draft)).toBe(draft);
  });

  it('undo of a changed destination brings the former one back', () => {
    expect(undoLast(setDestination(scanned(), other)).destination).toEqual(cold);
  });

  it('undo after a removal does not bring the removed line back', () => {
    const draft = undoLast(removeLine(scanned(), 'P2'));
    expect(draft.lines).toEqual([]);
  });

  it('an answer for a line that was taken out is dropped', () => {
    const draft = removeLine(scanned(), 'P2');
    expect(completeLine(draft, 'P2', { weightKg: 3 })).toBe(draft);
  });

  it('adds grams, not floating kilograms', () => {
    const draft = [0.1, 0.2, 456.7].reduce(
      (into, weightKg, at) => addLine(into, line(`P${at}`, { weightKg })),
      emptyDraft('d'),
    );
    expect(totals(draft)).toMatchObject({ kg: 457, unweighed: 0 });
  });

  it('holds back what is there already, what does not exist, and nothing else', () => {
    const there = { location: cold, certain: true, byOwnMove: false, asOf: null };
    const draft = [
      line('THERE', { place: there }),
      line('MAYBE', { place: { ...there, certain: false } }),
      line('GHOST', { problem: 'unknown_pallet' }),
      line('GOOD', { weightKg: 2 }),
    ].reduce(addLine, setDestination(emptyDraft('d'), cold));
    const { going, held, unweighed } = totals(draft);
    expect(going.map(({ code }) => code)).toEqual(['GOOD', 'MAYBE']);
    expect(held.map(({ code }) => code)).toEqual(['GHOST', 'THERE']);
    expect(unweighed).toBe(1);
    expect(totals(setDestination(draft, other)).held.map(({ code }) => code)).toEqual(['GHOST']);
  });
});
