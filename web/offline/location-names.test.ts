import { distinctNames } from './location-names';

const place = (fullName: string) => ({ id: fullName, name: fullName.split('/').at(-1) ?? '', barcode: null, fullName });

describe('names of places', () => {
  it('get their parent only where they are not the only one of that name', () => {
    const names = distinctNames(
      ['WH/Stock/Cámara 1', 'WH/Stock/Cámara 1/A-01-1', 'WH/Stock/Cámara 2/A-01-1'].map(place),
    );
    expect(names.map(({ name }) => name)).toEqual(['Cámara 1', 'Cámara 1 / A-01-1', 'Cámara 2 / A-01-1']);
  });

  it('stay as they are without a full name', () => {
    const same = { id: '1', name: 'Andén', barcode: null };
    expect(distinctNames([same, { ...same, id: '2' }]).map(({ name }) => name)).toEqual(['Andén', 'Andén']);
  });
});
