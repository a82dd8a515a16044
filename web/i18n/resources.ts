import { admin } from './es/admin';
import { auth } from './es/auth';
import { common } from './es/common';
import { desk } from './es/desk';
import { operations } from './es/operations';
import { picking } from './es/picking';
import { pos } from './es/pos';
import { products } from './es/products';
import { sales } from './es/sales';
import { stock } from './es/stock';
import { stores } from './es/stores';
import { system } from './es/system';
import { admin as adminEn } from './en/admin';
import { auth as authEn } from './en/auth';
import { common as commonEn } from './en/common';
import { desk as deskEn } from './en/desk';
import { operations as operationsEn } from './en/operations';
import { picking as pickingEn } from './en/picking';
import { pos as posEn } from './en/pos';
import { products as productsEn } from './en/products';
import { sales as salesEn } from './en/sales';
import { stock as stockEn } from './en/stock';
import { stores as storesEn } from './en/stores';
import { system as systemEn } from './en/system';

/** Spanish is the source: English has to have the same keys, which its type and a test enforce. */
export const es = { common, auth, picking, pos, operations, desk, system, admin, stores, stock, sales, products };
export const en: Translated<typeof es> = {
  common: commonEn,
  auth: authEn,
  picking: pickingEn,
  pos: posEn,
  operations: operationsEn,
  desk: deskEn,
  system: systemEn,
  admin: adminEn,
  stores: storesEn,
  stock: stockEn,
  sales: salesEn,
  products: productsEn,
};

export const locales = ['es', 'en'] as const;
export type Locale = (typeof locales)[number];
export const resources = { es, en } satisfies Record<Locale, Translated<typeof es>>;

export type Translated<T> = { [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof es;
  }
}
