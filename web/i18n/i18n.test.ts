import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { operationStates } from '../../domain/operation';
import { localeOf } from './i18n';
import { en, es } from './resources';

function flat(tree: object, path = ''): Map<string, string> {
  const words = new Map<string, string>();
  for (const [key, value] of Object.entries(tree as Record<string, unknown>)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') words.set(here, value);
    else if (typeof value === 'object' && value !== null)
      for (const [below, text] of flat(value, here)) words.set(below, text);
  }
  return words;
}

const spanish = flat(es);
const english = flat(en);
const parameters = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('words', () => {
  it('have the same keys in Spanish and English', () => {
    expect([...english.keys()].sort()).toEqual([...spanish.keys()].sort());
  });

  it('have the same parameters in Spanish and English', () => {
    const differing = [...spanish].filter(
      ([key, text]) => parameters(text).join() !== parameters(english.get(key) ?? '').join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('are never empty', () => {
    expect([...spanish, ...english].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('no English leaks into Spanish', () => {
    // Words that no Spanish sentence of these screens has; product names, codes and parameters are taken out first.
    const leak =
      /(?<!\p{L})(the|and|with|your|you|this|that|has|have|was|were|not|from|when|retry|cancel|pending|waiting|synced|loading|error while|save|search)(?!\p{L})/iu;
    const names = /English|\{\{\w+\}\}/g;
    expect([...spanish].filter(([, text]) => leak.test(text.replace(names, '')))).toEqual([]);
  });

  it('no Spanish leaks into English', () => {
    const leak = /(?<!\p{L})(el|la|los|las|una|del|con|para|por|está|sin|cámara|guardado|enviar)(?!\p{L})|[¿¡ñ]/iu;
    const names = /Español|\{\{\w+\}\}/g;
    expect([...english].filter(([, text]) => leak.test(text.replace(names, '')))).toEqual([]);
  });

  it('name every state of an operation', () => {
    expect(Object.keys(es.operations.state).sort()).toEqual([...operationStates].sort());
  });
});

describe('screens', () => {
  const folders = ['components', 'components/desk', 'picking', 'pos', 'routes', '.'];
  const files = folders
    .flatMap((folder) => readdirSync(join(__dirname, '..', folder)).map((name) => join(__dirname, '..', folder, name)))
    .filter((file) => file.endsWith('.tsx'));

  it.each(files.map((file) => [file.replace(join(__dirname, '..'), 'web'), file]))(
    '%s has no words of its own',
    (_, file) => {
      const source = ts.createSourceFile(
        file,
        readFileSync(file, 'utf8'),
        ts.ScriptTarget.Latest,
        true,
        ts.ScriptKind.TSX,
      );
      expect(ownWords(source)).toEqual([]);
    },
  );
});

const spoken = new Set(['aria-label', 'placeholder', 'title', 'alt', 'label', 'description']);

/** Text between tags, and the attributes that people read or hear, when they stand in the source. */
function ownWords(node: ts.Node): string[] {
  const own = ts.isJsxText(node)
    ? node.text
    : ts.isJsxAttribute(node) &&
        spoken.has(node.name.getText()) &&
        node.initializer &&
        ts.isStringLiteral(node.initializer)
      ? node.initializer.text
      : '';
  const below: string[] = [];
  node.forEachChild((child) => void below.push(...ownWords(child)));
  return /\p{L}{2,}/u.test(own) ? [own.trim(), ...below] : below;
}

describe('language of a page', () => {
  const request = (headers: Record<string, string>) => new Request('http://localhost/', { headers });

  it.each([
    ['the choice on this device', { cookie: 'a=1; nervio_lang=en', 'accept-language': 'es' }, 'es', 'en'],
    ['the person’s own', { 'accept-language': 'en' }, 'es', 'es'],
    ['what the browser asks for', { 'accept-language': 'fr, en;q=0.8, es;q=0.5' }, null, 'en'],
    ['Spanish', { 'accept-language': 'de' }, null, 'es'],
    ['Spanish for a cookie that nobody set', { cookie: 'nervio_lang=xx' }, null, 'es'],
  ] as const)('is %s', (_, headers, own, expected) => {
    expect(localeOf(request(headers), own)).toBe(expected);
  });
});
