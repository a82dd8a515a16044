import type { Role } from '../domain/access';
import {
  type DemoAssortment,
  demoAssortments,
  type DemoSitePrice,
  demoSitePrices,
  otraAssortments,
} from './demo-catalogue';

/** The two businesses of the demo (README, table of logins). Ids are fixed, so that seeding twice finds them again. */
export interface DemoBusiness {
  id: string;
  slug: string;
  name: string;
  sites: { name: string; kind: 'warehouse' | 'store'; address: string }[];
  users: { email: string; name: string; role: Role }[];
  /** Of the Odoo simulator, when the environment does not say otherwise. */
  odoo: { database: string; login: string; apiKey: string };
  assortments: DemoAssortment[];
  sitePrices: DemoSitePrice[];
}

export const demoPassword = 'nervio-demo';

export const demo: DemoBusiness = {
  id: '01990000-0000-7000-8000-00000000de30',
  slug: 'demo',
  name: 'Comercial Demo',
  sites: [
    { name: 'Bodega Quilicura', kind: 'warehouse', address: 'Av. Presidente Eduardo Frei Montalva 9900, Quilicura' },
    { name: 'Frigorífico Lampa', kind: 'warehouse', address: 'Camino Noviciado 2300, Lampa' },
    { name: 'Tienda Providencia', kind: 'store', address: 'Av. Providencia 2124, Providencia' },
    { name: 'Tienda Maipú', kind: 'store', address: 'Av. Pajaritos 1948, Maipú' },
    { name: 'Tienda Viña del Mar', kind: 'store', address: 'Av. Libertad 620, Viña del Mar' },
  ],
  users: [
    { email: 'admin@demo.test', name: 'Andrea Rojas', role: 'admin' },
    { email: 'encargada@demo.test', name: 'Elena Fuentes', role: 'manager' },
    { email: 'caja@demo.test', name: 'Camila Soto', role: 'cashier' },
    { email: 'bodega@demo.test', name: 'Benjamín Muñoz', role: 'warehouse' },
    { email: 'finanzas@demo.test', name: 'Felipe Araya', role: 'finance' },
  ],
  odoo: { database: 'demo', login: 'nervio@demo.test', apiKey: 'nervio-demo-key' },
  assortments: demoAssortments,
  sitePrices: demoSitePrices,
};

/** A second business, to see that neither sees anything of the other. */
export const otra: DemoBusiness = {
  id: '01990000-0000-7000-8000-00000000074a',
  slug: 'otra',
  name: 'Otra Empresa',
  sites: [
    { name: 'Bodega Norte', kind: 'warehouse', address: 'Av. Edmundo Pérez Zujovic 5500, Antofagasta' },
    { name: 'Tienda Centro', kind: 'store', address: 'Prat 482, Antofagasta' },
  ],
  users: [{ email: 'admin@otra.test', name: 'Olivia Araneda', role: 'admin' }],
  odoo: { database: 'otra', login: 'nervio@otra.test', apiKey: 'nervio-otra-key' },
  assortments: otraAssortments,
  sitePrices: [],
};
