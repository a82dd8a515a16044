import { admin } from './es/admin';
import { auth } from './es/auth';
import { common } from './es/common';
import { desk } from './es/desk';
import { operations } from './es/operations';
import { picking } from './es/picking';
import { system } from './es/system';
import { admin as adminEn } from './en/admin';
import { auth as authEn } from './en/auth';
import { common as commonEn } from './en/common';
import { desk as deskEn } from './en/desk';
import { operations as operationsEn } from './en/operations';
import { picking as pickingEn } from './en/picking';
import { system as systemEn } from './en/system';

/** Spanish is the source: English has to have the same keys, which its type and a test enforce. */
export const es = { common, auth, picking, operations, desk, system, admin };
export const en: Translated<typeof es> = {
  common: commonEn,
  auth: authEn,
  picking: pickingEn,
  operations: operationsEn,
  desk: deskEn,
  system: systemEn,
  admin: adminEn,
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
