import type { ApiDeps } from './deps';
import { listAudit } from './audit/queries';
import { warmUpCache } from './cache/commands';
import { readCacheStats } from './cache/queries';
import { updateConnection } from './connections/commands';
import { listConnections, testConnection } from './connections/queries';
import { listLocations, syncLocations } from './locations/use-cases';
import { meOf } from './me/queries';
import { cancelOperation, retryOperation } from './operations/commands';
import { countOperations, getOperation, listOperations } from './operations/queries';
import { acceptPalletMove } from './pallets/commands';
import { scanPallet } from './pallets/queries';
import { addImage, removeImage } from './images/commands';
import { readImage } from './images/queries';
import { applyImport, undoImport, uploadImport } from './imports/commands';
import { getImport, listImports, listRowsOfImport } from './imports/queries';
import { acceptPriceSync, setPrices } from './prices/commands';
import { listPrices } from './prices/queries';
import {
  addCode,
  addProductVariants,
  createProduct,
  removeCode,
  updateProduct,
  updateVariant,
} from './products/commands';
import { getProduct, listCategories, listProducts, scanProduct } from './products/queries';
import { mailReceipt } from './receipts/commands';
import { getReceiptFile } from './receipts/queries';
import { createColour, createSite, createSiteLocation, createSize, updateSite } from './sites/commands';
import { getSite, listColours, listSiteLocations, listSites, listSizes, timeZoneOf } from './sites/queries';
import { closeRegister, createRegister, moveCash, openRegister } from './registers/commands';
import { getSession, listRegisters, listSessions, listSessionsOfSites, reportRegister } from './registers/queries';
import { returnSale, returnWithoutReceipt, voidSale } from './sales/back';
import { makeSale } from './sales/commands';
import { getSale, listSales, sumToday } from './sales/queries';
import { systemStatus } from './status/queries';
import { adjustStock, enterStock } from './stock/commands';
import { addCounted, cancelCount, closeCount, getCount, listCounts, startCount } from './stock/counts';
import {
  getEntry,
  listConsolidated,
  listEntries,
  listFindings,
  listMovements,
  listShortages,
  listStock,
  stockBySite,
} from './stock/queries';
import { dropTicket, parkTicket, resumeTicket } from './tickets/commands';
import { listTickets } from './tickets/queries';
import { createUser, updateUser } from './users/commands';
import { getUser, listUsers } from './users/queries';

/**
 * The commands and queries, with what they work with bound to them. Routes and the web app's loaders call these and
 * nothing else. Each checks the permission itself and knows nothing of HTTP.
 */
export function createUseCases(deps: ApiDeps) {
  const bind =
    <A extends unknown[], R>(useCase: (deps: ApiDeps, ...args: A) => R) =>
    (...args: A): R =>
      useCase(deps, ...args);
  return {
    me: bind(meOf),
    listSites: bind(listSites),
    timeZoneOf: bind(timeZoneOf),
    getSite: bind(getSite),
    createSite: bind(createSite),
    updateSite: bind(updateSite),
    listSiteLocations: bind(listSiteLocations),
    createSiteLocation: bind(createSiteLocation),
    listSizes: bind(listSizes),
    listColours: bind(listColours),
    createSize: bind(createSize),
    createColour: bind(createColour),
    listProducts: bind(listProducts),
    listCategories: bind(listCategories),
    scanProduct: bind(scanProduct),
    getProduct: bind(getProduct),
    createProduct: bind(createProduct),
    addProductVariants: bind(addProductVariants),
    updateProduct: bind(updateProduct),
    updateVariant: bind(updateVariant),
    addCode: bind(addCode),
    removeCode: bind(removeCode),
    addImage: bind(addImage),
    removeImage: bind(removeImage),
    readImage: bind(readImage),
    listPrices: bind(listPrices),
    setPrices: bind(setPrices),
    acceptPriceSync: bind(acceptPriceSync),
    uploadImport: bind(uploadImport),
    listImports: bind(listImports),
    getImport: bind(getImport),
    listRowsOfImport: bind(listRowsOfImport),
    applyImport: bind(applyImport),
    undoImport: bind(undoImport),
    listUsers: bind(listUsers),
    getUser: bind(getUser),
    createUser: bind(createUser),
    updateUser: bind(updateUser),
    listAudit: bind(listAudit),
    listConnections: bind(listConnections),
    testConnection: bind(testConnection),
    updateConnection: bind(updateConnection),
    systemStatus: bind(systemStatus),
    listLocations: bind(listLocations),
    syncLocations: bind(syncLocations),
    scanPallet: bind(scanPallet),
    acceptPalletMove: bind(acceptPalletMove),
    listStock: bind(listStock),
    listConsolidated: bind(listConsolidated),
    stockBySite: bind(stockBySite),
    listMovements: bind(listMovements),
    listShortages: bind(listShortages),
    listFindings: bind(listFindings),
    adjustStock: bind(adjustStock),
    listEntries: bind(listEntries),
    getEntry: bind(getEntry),
    enterStock: bind(enterStock),
    listCounts: bind(listCounts),
    getCount: bind(getCount),
    startCount: bind(startCount),
    addCounted: bind(addCounted),
    closeCount: bind(closeCount),
    cancelCount: bind(cancelCount),
    makeSale: bind(makeSale),
    listSales: bind(listSales),
    getSale: bind(getSale),
    getReceiptFile: bind(getReceiptFile),
    mailReceipt: bind(mailReceipt),
    sumToday: bind(sumToday),
    voidSale: bind(voidSale),
    returnSale: bind(returnSale),
    returnWithoutReceipt: bind(returnWithoutReceipt),
    listTickets: bind(listTickets),
    parkTicket: bind(parkTicket),
    resumeTicket: bind(resumeTicket),
    dropTicket: bind(dropTicket),
    warmUpCache: bind(warmUpCache),
    readCacheStats: bind(readCacheStats),
    listRegisters: bind(listRegisters),
    createRegister: bind(createRegister),
    openRegister: bind(openRegister),
    moveCash: bind(moveCash),
    reportRegister: bind(reportRegister),
    closeRegister: bind(closeRegister),
    listRegisterSessions: bind(listSessions),
    listSessionsOfSites: bind(listSessionsOfSites),
    getRegisterSession: bind(getSession),
    listOperations: bind(listOperations),
    countOperations: bind(countOperations),
    getOperation: bind(getOperation),
    retryOperation: bind(retryOperation),
    cancelOperation: bind(cancelOperation),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
