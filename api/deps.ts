import type { FastifyBaseLogger } from 'fastify';
import type { Redis } from 'ioredis';
import type { Config } from '../domain/config';
import type { Database } from '../store/db';
import type { SecretBox } from '../store/secrets';
import type { RefreshTokens } from './auth/refresh-token';
import type { SessionDirectory } from './auth/sessions';
import type { OdooProbe } from './connections/probe';
import type { HealthService } from './health/service';
import type { CacheHits } from './cache-hits';
import type { Feed } from './operations/feed';
import type { PalletReader } from './pallets/reader';
import type { Counter } from './plugins/counter';

/** What the use cases work with. Made once per process by server.ts, or by the test helpers. */
export interface ApiDeps {
  config: Config;
  db: Database;
  redis: Redis;
  secrets: SecretBox;
  sessions: SessionDirectory;
  refreshTokens: RefreshTokens;
  /** Signs access tokens. */
  accessKey: Uint8Array;
  /** Attempts to log in, per e-mail. */
  loginFailures: Counter;
  /** Requests, per user or address. */
  requests: Counter;
  health: HealthService;
  /** Looks into the tenants' Odoos, for scans. */
  pallets: PalletReader;
  /** Tries a connection with settings that need not be stored. */
  odooProbe: OdooProbe;
  cacheHits: CacheHits;
  /** Live changes of operations. */
  feed: Feed;
  log: FastifyBaseLogger;
}
