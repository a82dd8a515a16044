import type { FastifyBaseLogger } from 'fastify';
import type { Redis } from 'ioredis';
import type { Config } from '../domain/config';
import type { Admission } from '../store/admission';
import type { Database } from '../store/db';
import type { Objects } from '../store/objects';
import type { SecretBox } from '../store/secrets';
import type { StockCache } from '../store/stock-cache';
import type { RefreshTokens } from './auth/refresh-token';
import type { SessionDirectory } from './auth/sessions';
import type { ConnectionProbe } from './connections/probe';
import type { HealthService } from './health/service';
import type { CacheHits } from './cache-hits';
import type { Feed } from './operations/feed';
import type { PalletReader } from './pallets/reader';
import type { Counter, RevocableCounter } from './plugins/counter';
import type { Checkout } from './sales/checkout';

/** What the use cases work with. Made once per process by server.ts, or by the test helpers. */
export interface ApiDeps {
  config: Config;
  db: Database;
  redis: Redis;
  secrets: SecretBox;
  sessions: SessionDirectory;
  refreshTokens: RefreshTokens;
  /** Pictures and files. */
  objects: Objects;
  /** Signs access tokens. */
  accessKey: Uint8Array;
  /** Attempts to log in, per e-mail. */
  loginFailures: RevocableCounter;
  /** Requests per address. */
  requests: Counter;
  /** Requests per user: many, and each counted without waiting for Redis. */
  userRequests: Counter;
  health: HealthService;
  /** Looks into the tenants' Odoos, for scans. */
  pallets: PalletReader;
  /** Tries a connection with settings that need not be stored. */
  probe: ConnectionProbe;
  cacheHits: CacheHits;
  /** Kept answers about stock. */
  stockCache: StockCache;
  /** What Redis remembers of levels, for the checkout. */
  admission: Admission;
  /** Live changes of operations. */
  feed: Feed;
  /** Sales on their way into the database. */
  checkout: Checkout;
  log: FastifyBaseLogger;
}
