import type { Env } from '../orm/env';
import type { OdooVersion } from '../versions';
import { type ColdStore, seedColdStore } from './cold-store';

/** A database that the simulator makes when it is not on disk yet. */
export interface DatabaseSeed {
  version: OdooVersion;
  seed: (env: Env) => void;
}

const RACKS = ['A-01-1', 'A-01-2', 'A-02-1', 'A-02-2'];

const DEMO: ColdStore = {
  business: { company: 'Frigorífico Demo SpA', warehouse: 'Planta Chillán', code: 'WH' },
  users: [
    { id: 2, login: 'admin', name: 'Administrator', password: 'admin', groups: 'admin', email: 'admin@demo.test' },
    {
      id: 6,
      login: 'nervio@demo.test',
      name: 'Nervio',
      password: 'nervio-demo-key',
      groups: 'stock',
      apiKey: 'nervio-demo-key',
    },
    { id: 7, login: 'lector@demo.test', name: 'Lector', password: 'lector', groups: 'reader' },
    { id: 8, login: 'sinmail@demo.test', name: 'Bodega sin correo', password: 'sinmail', groups: 'stock', email: null },
  ],
  chambers: [
    { name: 'Cámara 1', barcode: 'CAM-01', positions: RACKS },
    { name: 'Cámara 2', barcode: 'CAM-02', positions: RACKS },
    { name: 'Cámara 3', barcode: 'CAM-03' },
    { name: 'Camara 0°C REAL 4', barcode: 'CAM-04' },
    { name: 'Camara 0°C REAL 5', barcode: 'CAM-05' },
    { name: 'Camara -25°C REAL 6', barcode: 'CAM-06' },
  ],
  places: [
    { name: 'Túnel de frío', barcode: 'TUNEL-01' },
    { name: 'Andén de despacho', barcode: 'ANDEN' },
  ],
  archived: { name: 'Cámara 9', barcode: 'CAM-09' },
  view: { name: 'Patio', barcode: 'PATIO' },
  pallets: { prefix: 'PACK', first: 1234, count: 360 },
  oddities: 9001,
};

const OTRA: ColdStore = {
  business: { company: 'Otra Fruta Ltda', warehouse: 'Bodega Maule', code: 'OT' },
  users: [
    { id: 2, login: 'admin', name: 'Administrator', password: 'admin', groups: 'admin', email: 'admin@otra.test' },
    {
      id: 6,
      login: 'nervio@otra.test',
      name: 'Nervio',
      password: 'nervio-otra-key',
      groups: 'stock',
      apiKey: 'nervio-otra-key',
    },
    { id: 7, login: 'lector@otra.test', name: 'Lector', password: 'lector', groups: 'reader' },
  ],
  chambers: [
    { name: 'Cámara Norte', barcode: 'OTR-01', positions: ['P-01', 'P-02'] },
    { name: 'Cámara Sur', barcode: 'OTR-02' },
    { name: 'Cámara Oriente', barcode: 'OTR-03' },
    { name: 'Cámara Poniente', barcode: 'OTR-04' },
  ],
  places: [{ name: 'Andén Maule', barcode: 'OTR-ANDEN' }],
  archived: { name: 'Cámara vieja', barcode: 'OTR-09' },
  view: { name: 'Patio Maule', barcode: 'OTR-PATIO' },
  pallets: { prefix: 'OTRA', first: 1, count: 120 },
  oddities: 9001,
};

const coldStore = (version: OdooVersion, store: ColdStore): DatabaseSeed => ({
  version,
  seed: (env) => seedColdStore(env, store),
});

/** What the process and most tests run with. The first one is who answers `version()` without a database. */
export const DEMO_DATABASES: Readonly<Record<string, DatabaseSeed>> = {
  demo: coldStore(18, DEMO),
  otra: coldStore(17, OTRA),
  demo16: coldStore(16, DEMO),
  demo17: coldStore(17, DEMO),
};
