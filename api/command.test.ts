import { createHash } from 'node:crypto';
import { fingerprintOf } from './command';

const command = (body: unknown) => ({ method: 'POST' as const, path: '/api/v1/sales', body });

describe('the fingerprint of a command', () => {
  it('is of its JSON with sorted members, so that what is stored stays valid', () => {
    const text = '["POST","/api/v1/sales",{"a":[{"x":null,"y":"ñ\\n\\"q\\""},1.5,true],"b":{"1":"","c":-0.001}}]';
    const body = { b: { c: -0.001, '1': '', gone: undefined }, a: [{ y: 'ñ\n"q"', x: null }, 1.5, true] };
    expect(fingerprintOf(command(body))).toEqual(createHash('sha256').update(text).digest());
    expect(fingerprintOf(command(undefined))).toEqual(fingerprintOf(command(null)));
  });

  it('is another for another order of a list, another value, or another kind of value', () => {
    const bodies = [
      { a: [1, 2] },
      { a: [2, 1] },
      { a: ['1', 2] },
      { a: '1,2' },
      { a: { 0: 1, 1: 2 } },
      { b: [1, 2] },
      {},
      [],
    ];
    expect(new Set(bodies.map((body) => fingerprintOf(command(body)).toString('hex'))).size).toBe(bodies.length);
  });
});
