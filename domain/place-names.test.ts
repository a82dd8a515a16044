import { placeNames } from './place-names';

const place = (path: string, name = path.split('/').at(-1)!) => ({ path, name });

it('a place is called by its own name, and alike ones by as much of the path as tells them apart', () => {
  expect(
    placeNames([
      place('WH/Stock/Cámara 1'),
      place('WH/Stock/Cámara 2/A-01'),
      place('WH/Stock/Cámara 1/A-01'),
      place('SUR/Stock'),
      place('WH/Stock'),
      place('WH/Stock/Frío/B', 'Frío/B'),
    ]),
  ).toEqual(['Cámara 1', 'Cámara 2 / A-01', 'Cámara 1 / A-01', 'SUR / Stock', 'WH / Stock', 'Frío/B']);
});

it('two of the same path stay alike, and nobody else changes for them', () => {
  expect(placeNames([place('WH/A'), place('WH/A'), place('WH/B')])).toEqual(['WH / A', 'WH / A', 'B']);
});

it('thousands of shelves of the same names are told apart', () => {
  const shelves = Array.from({ length: 5_000 }, (_, index) => place(`WH/Stock/Cámara ${index >> 5}/A-${index & 31}`));
  expect(new Set(placeNames(shelves)).size).toBe(5_000);
});
