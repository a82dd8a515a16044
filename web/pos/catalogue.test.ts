import { Catalogue } from './catalogue';
import type { SeenVariant } from './product';

const shirt = (amount: number) =>
  ({
    sku: 'POL',
    barcodes: ['780'],
    price: { amount, currency: 'CLP' },
  }) as unknown as SeenVariant;

it('a page that was asked for before an article was heard of does not bring back its old price', () => {
  const catalogue = new Catalogue();
  const early = catalogue.moment();
  catalogue.learn(shirt(1990));
  catalogue.learnPage([shirt(990)], early);
  expect(catalogue.find(['780'])?.price).toBe(1990);
  catalogue.learnPage([shirt(2490)], catalogue.moment());
  expect(catalogue.find(['pol'])?.price).toBe(2490);
});
