import { Client, Connection } from '@temporalio/client';
import type { Config } from '../domain/config';

/**
 * A client that connects when it is first used: acceptance goes on while Temporal is away, and so must the start of the
 * processes that only hand over to it.
 */
export function lazyClient(config: Config['temporal']): { client: Client; close(): Promise<void> } {
  const connection = Connection.lazy({ address: config.address, connectTimeout: '5s' });
  const client = new Client({ connection, namespace: config.namespace });
  return { client, close: () => connection.close() };
}
