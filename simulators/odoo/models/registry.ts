import type { Registry } from '../orm/env';
import { modelFor, type ModelSpec } from '../orm/model';
import type { OdooVersion } from '../versions';
import * as base from './base';
import { location } from './location';
import { move } from './move';
import { moveLine } from './move-line';
import { quantPackage } from './package';
import { packageLevel } from './package-level';
import { picking } from './picking';
import { quant } from './quant';
import { quantRelocate } from './relocate';
import { backorderConfirmation, immediateTransfer } from './wizards';

/** Every model that the simulator knows. A new area (accounting) adds its specs here and nothing else. */
const SPECS: readonly ModelSpec[] = [
  base.users,
  base.partner,
  base.company,
  base.warehouse,
  base.pickingType,
  base.lot,
  base.uom,
  base.product,
  base.installedModule,
  base.configParameter,
  base.language,
  location,
  quantPackage,
  quant,
  picking,
  move,
  moveLine,
  packageLevel,
  backorderConfirmation,
  immediateTransfer,
  quantRelocate,
];

const registries = new Map<OdooVersion, Registry>();

/** The models of one version. */
export function registryFor(version: OdooVersion): Registry {
  let registry = registries.get(version);
  if (!registry) {
    const specs = SPECS.filter((spec) => !spec.versions || spec.versions.includes(version));
    registry = new Map(specs.map((spec) => [spec.name, modelFor(spec, version)]));
    registries.set(version, registry);
  }
  return registry;
}
