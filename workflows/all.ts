/** Everything that the workers run: the only file that gathers workflows (bundled by `npm run build`). */
export { movePallets } from './move-pallets';
export { watchConnection } from './watch-connection';
export { syncCatalogue, syncCatalogues } from './sync-catalogue';
export { sweepOperations } from './sweep-operations';
export { mailReceipt } from './mail-receipt';
export { settleSales } from './settle-sales';
export { expireStock, reconcileStock } from './stock-upkeep';
export { importProducts, undoImport } from './import-products';
export { syncPrices } from './sync-prices';
export { cleanUp } from './clean-up';
