/** The Odoo series that this simulator speaks. A database has one of them. */
export type OdooVersion = 16 | 17 | 18;

export const ODOO_VERSIONS: readonly OdooVersion[] = [16, 17, 18];

/** What `version()` of the recorded servers says. */
export const SERVER_VERSION: Record<OdooVersion, string> = {
  16: '16.0-20230709',
  17: '17.0',
  18: '18.0+e-20250619',
};
