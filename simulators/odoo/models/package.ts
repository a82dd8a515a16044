import { stockQuantPackageFields } from '../fields/stock-quant-package';
import type { ModelSpec } from '../orm/model';
import { idOrNull, packageLocation, packageQuants } from '../stock/quants';

export const quantPackage: ModelSpec = {
  name: 'stock.quant.package',
  description: 'Packages',
  fields: stockQuantPackageFields,
  order: 'name',
  notNull: ['name'],
  restrictedBy: [
    ['stock.move.line', 'package_id'],
    ['stock.move.line', 'result_package_id'],
    ['stock.quant', 'package_id'],
    ['stock.package_level', 'package_id'],
  ],
  computed: {
    quant_ids: (env, row) => packageQuants(env, row.id).map((quant) => quant.id),
    location_id: (env, row) => packageLocation(env, row.id),
    company_id: (env, row) => idOrNull(packageQuants(env, row.id)[0]?.['company_id']),
  },
  defaults: (env) => ({
    name: `PACK${String(env.db.next('ir.sequence,stock.quant.package')).padStart(7, '0')}`,
    package_use: 'disposable',
    pack_date: env.now.slice(0, 10),
  }),
};
