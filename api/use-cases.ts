import type { ApiDeps } from './deps';
import { listAudit } from './audit/queries';
import { updateConnection } from './connections/commands';
import { listConnections, testConnection } from './connections/queries';
import { listLocations, syncLocations } from './locations/use-cases';
import { meOf } from './me/queries';
import { cancelOperation, retryOperation } from './operations/commands';
import { countOperations, getOperation, listOperations } from './operations/queries';
import { acceptPalletMove } from './pallets/commands';
import { scanPallet } from './pallets/queries';
import { listSites } from './sites/queries';
import { systemStatus } from './status/queries';
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
    listOperations: bind(listOperations),
    countOperations: bind(countOperations),
    getOperation: bind(getOperation),
    retryOperation: bind(retryOperation),
    cancelOperation: bind(cancelOperation),
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
