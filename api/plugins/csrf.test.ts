import { requireSameOrigin } from './csrf';

const own = 'https://nervio.example';
const ask = (method: string, headers: Record<string, string>, ambient = true) =>
  requireSameOrigin({ method, headers, host: 'nervio.example' }, own, ambient);

describe('where a changing request comes from', () => {
  it.each<[string, Record<string, string>]>([
    ['our own page', { 'sec-fetch-site': 'same-origin' }],
    ['the person themselves', { 'sec-fetch-site': 'none' }],
    ['our own page in an old browser', { origin: own }],
    ['our own page by another of our names', { origin: 'http://nervio.example' }],
    ['a client with a bearer token', { authorization: 'Bearer x', origin: 'https://evil.example' }],
  ])('%s may', (_, headers) => {
    expect(() => ask('POST', headers)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another site that names our origin', { 'sec-fetch-site': 'cross-site', origin: own }],
    ['a sister domain', { 'sec-fetch-site': 'same-site' }],
    ['another site in an old browser', { origin: 'https://evil.example' }],
    ['a hidden origin', { origin: 'null' }],
    ['nobody knows where, with cookies', {}],
  ])('%s may not', (_, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(() => ask(method, headers)).toThrow(expect.objectContaining({ code: 'csrf' }));
    }
  });

  it('reading is free', () => {
    expect(() => ask('GET', { 'sec-fetch-site': 'cross-site' })).not.toThrow();
  });

  it('a client without cookies speaks for itself, but no other site may log somebody in', () => {
    expect(() => ask('POST', {}, false)).not.toThrow();
    expect(() => ask('POST', { 'sec-fetch-site': 'cross-site' }, false)).toThrow();
    expect(() => ask('POST', { origin: 'https://evil.example' }, false)).toThrow();
  });
});
