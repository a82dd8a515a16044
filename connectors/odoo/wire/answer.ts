import type { OdooFault } from '../classify';

/** What a readable answer holds, whatever the protocol. */
export type RpcAnswer = { value: unknown; fault?: undefined } | { fault: OdooFault };
