import type { VariantView } from '../../../domain/product';
import { bodyOf, emptyEntry, errorsOfLine, readDraft, totalOfLine, withArticle, withLine } from './entry-draft';

const article = (sku: string, unit: VariantView['unit'] = 'unit'): VariantView => ({
  id: sku,
  productId: `p-${sku}`,
  sku,
  name: 'Polera',
  size: 'M',
  colour: 'Negro',
  colourHex: null,
  category: null,
  unit,
  taxRate: 0.19,
  price: { amount: 1000, currency: 'CLP' },
  retailPrice: null,
  barcodes: [],
  imageUrl: null,
  active: true,
  version: 1,
});

describe('an entry that is being written', () => {
  it('takes a scanned article on top, and one unit more of one that is there', () => {
    const two = withArticle(withArticle(emptyEntry('s'), article('A')), article('B'));
    const more = withArticle(two, article('A'));
    expect(more.lines).toMatchObject([
      { sku: 'B', quantity: '1', name: 'Polera · M · Negro' },
      { sku: 'A', quantity: '2' },
    ]);
  });

  it('says what is wrong beside each figure', () => {
    const line = { sku: 'A', productId: 'p', name: 'Polera', unit: 'unit', quantity: '1', unitCost: '' };
    expect(errorsOfLine(line, 'CLP')).toEqual({ unitCost: 'bad_cost' });
    expect(errorsOfLine({ ...line, unitCost: '0', quantity: '0' }, 'CLP')).toEqual({ quantity: 'bad_quantity' });
    expect(errorsOfLine({ ...line, unitCost: '5', quantity: '1,5' }, 'CLP')).toEqual({ quantity: 'whole' });
    expect(errorsOfLine({ ...line, unitCost: '5', quantity: '1,5', unit: 'kg' }, 'CLP')).toEqual({});
  });

  it('is sent as the API takes it', () => {
    const draft = withLine(withArticle({ ...emptyEntry('s'), supplier: ' Andes ' }, article('A', 'kg')), 'A', {
      quantity: '0,350',
      unitCost: '$1.990',
    });
    expect(totalOfLine(draft.lines[0]!, 'CLP')).toBe(697);
    expect(bodyOf(draft)).toEqual({
      siteId: 's',
      supplier: 'Andes',
      reference: null,
      note: null,
      lines: [{ sku: 'A', quantity: '0.350', unitCost: 1990 }],
    });
  });

  it('is gone on with after the page was left, and only when it is one', () => {
    const draft = withArticle(emptyEntry('s'), article('A'));
    expect(readDraft(JSON.stringify(draft))).toEqual(draft);
    expect(readDraft(null)).toBeNull();
    expect(readDraft('{"lines":')).toBeNull();
    expect(readDraft('{"siteId":"s"}')).toBeNull();
  });
});
