import type { ApiDeps } from './deps';
import { listAudit } from './audit/queries';
import { meOf } from './me/queries';
import { listSites } from './sites/queries';
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
  };
}

export type UseCases = ReturnType<typeof createUseCases>;
