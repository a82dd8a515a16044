import { languageOf } from './language';

describe('language of an answer', () => {
  it.each([
    ['en', 'en'],
    ['es-CL,es;q=0.9,en;q=0.8', 'es'],
    ['fr-FR, en;q=0.5, es;q=0.4', 'en'],
    ['en;q=0.2, es-MX;q=0.9', 'es'],
    ['en;q=0, es;q=0.1', 'es'],
    ['de', 'es'],
    ['', 'es'],
    [undefined, 'es'],
    [';;,q=,', 'es'],
  ] as const)('%s → %s', (header, language) => {
    expect(languageOf(header, 'es')).toBe(language);
  });
});
