import { pythonError } from '../faults';
import { registryFor } from '../models/registry';
import { Env } from '../orm/env';
import { timestamp } from '../orm/datetime';
import type { DatabaseSeed } from '../seed/databases';
import type { OdooVersion } from '../versions';
import type { RpcStruct } from '../wire/values';
import { Database } from './database';
import { Journal } from './journal';

const ROOT = 1;

/** All databases of one simulator: made from their seeds, or taken from disk. */
export class Cluster {
  private readonly databases = new Map<string, Database>();
  private micros = 0;

  constructor(
    private readonly seeds: Readonly<Record<string, DatabaseSeed>>,
    private readonly folder: string | null,
  ) {
    for (const name of Object.keys(seeds)) this.databases.set(name, this.open(name));
  }

  /** @throws fault 1 with psycopg2's text when there is no such database */
  get(name: string): Database {
    const database = this.databases.get(name);
    if (database) return database;
    throw pythonError(
      'psycopg2.OperationalError',
      `connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  database "${name}" does not exist`,
    );
  }

  has(name: string): boolean {
    return this.databases.has(name);
  }

  all(): Database[] {
    return [...this.databases.values()];
  }

  names(): string[] {
    return [...this.databases.keys()].sort();
  }

  /** The version that the server of a database has; without one, that of the first database. */
  versionOf(name: string | undefined): OdooVersion {
    return (this.databases.get(name ?? '') ?? (this.all()[0] as Database)).version;
  }

  /** One call's environment. */
  env(database: Database, uid: number, context: RpcStruct, arrivedAt: number): Env {
    this.micros = (this.micros + 37) % 1000;
    return new Env(
      database,
      registryFor(database.version),
      uid,
      context,
      timestamp(new Date(), this.micros),
      arrivedAt,
    );
  }

  /** Does something as the system, in a transaction of its own. */
  asRoot<T>(database: Database, work: (env: Env) => T): T {
    return database.transaction(() => work(this.env(database, ROOT, {}, database.commits)));
  }

  /** Throws a database away and makes it anew from its seed. */
  reset(name: string): void {
    this.databases.get(name)?.close();
    this.databases.set(name, this.make(name));
  }

  close(): void {
    for (const database of this.databases.values()) database.close();
  }

  private open(name: string): Database {
    const journal = this.folder ? new Journal(this.folder, name) : null;
    const stored = journal?.read();
    if (!stored || !journal) return this.make(name);
    const database = new Database(name, this.seed(name).version, journal);
    for (const change of stored) database.load(change);
    journal.start(database.dump());
    return database;
  }

  private make(name: string): Database {
    const { version, seed } = this.seed(name);
    const scratch = new Database(name, version, null);
    this.asRoot(scratch, seed);
    const journal = this.folder ? new Journal(this.folder, name) : null;
    journal?.read();
    const database = new Database(name, version, journal);
    database.load(scratch.dump());
    journal?.start(database.dump());
    return database;
  }

  private seed(name: string): DatabaseSeed {
    const seed = this.seeds[name];
    if (!seed) throw new Error(`no seed for database ${name}`);
    return seed;
  }
}
