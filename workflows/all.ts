/** Everything that the workers run: the only file that gathers workflows (bundled by `npm run build`). */
export { movePallets } from './move-pallets';
export { watchConnection } from './watch-connection';
export { syncCatalogue, syncCatalogues } from './sync-catalogue';
export { sweepOperations } from './sweep-operations';
