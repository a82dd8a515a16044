import type { OdooPackage } from '../../connectors/odoo/packages';
import { createPalletReader } from './reader';

/** A reader of an Odoo that answers when told to. */
function setUp() {
  const asked: { code: string; answer: (found: OdooPackage[]) => void; fail: (error: Error) => void }[] = [];
  const reader = createPalletReader(
    (_, [code = '']) => new Promise((answer, fail) => asked.push({ code, answer, fail })),
  );
  const find = (code: string, maxConcurrency: number, more: { connectionId?: string; signal?: AbortSignal } = {}) =>
    reader.find(
      { tenantId: 't', connectionId: more.connectionId ?? 'c', maxConcurrency },
      code,
      more.signal ?? new AbortController().signal,
    );
  const codes = () => asked.map(({ code }) => code);
  return { asked, codes, find };
}
const settled = () => new Promise(setImmediate);

describe('scans that look into one Odoo', () => {
  it('are at most as many at once as the connection takes; the next go in turn', async () => {
    const { asked, codes, find } = setUp();
    const scans = ['a', 'b', 'c', 'd'].map((code) => find(code, 2));
    await settled();
    expect(codes()).toEqual(['a', 'b']);
    asked[1]!.answer([]);
    await settled();
    expect(codes()).toEqual(['a', 'b', 'c']);
    asked[0]!.fail(new Error('broken'));
    await expect(scans[0]).rejects.toThrow('broken');
    await settled();
    expect(codes()).toEqual(['a', 'b', 'c', 'd']);
    asked[2]!.answer([]);
    asked[3]!.answer([]);
    await expect(Promise.all(scans.slice(1))).resolves.toEqual([[], [], []]);
  });

  it('follow a limit that was lowered', async () => {
    const { asked, codes, find } = setUp();
    const scans = [find('a', 2), find('b', 2), find('c', 1)];
    await settled();
    asked[0]!.answer([]);
    await settled();
    expect(codes()).toEqual(['a', 'b']);
    asked[1]!.answer([]);
    await settled();
    asked[2]!.answer([]);
    await Promise.all(scans);
  });

  it('do not wait for those of another connection', async () => {
    const { asked, codes, find } = setUp();
    const scans = [find('a', 1), find('b', 1, { connectionId: 'other' })];
    await settled();
    expect(codes()).toEqual(['a', 'b']);
    for (const each of asked) each.answer([]);
    await Promise.all(scans);
  });

  it('give up in the queue when their time is over, and leave the turn to the next', async () => {
    const { asked, codes, find } = setUp();
    const hurried = new AbortController();
    const [first, second, third] = [find('a', 1), find('b', 1, { signal: hurried.signal }), find('c', 1)];
    await settled();
    hurried.abort(new Error('over'));
    await expect(second).rejects.toThrow('over');
    asked[0]!.answer([]);
    await first;
    await settled();
    expect(codes()).toEqual(['a', 'c']);
    asked[1]!.answer([]);
    await third;
  });
});
