import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../domain/config';
import type { Database } from '../../store/db';
import { rootDir } from '../../store/root';

/** Why commands are not accepted. */
export type NotReady = 'stopping' | 'database' | 'migrations' | 'catalogue';

const neededMigrations = (): string[] =>
  readdirSync(join(rootDir, 'prisma', 'migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/**
 * Whether commands are accepted: the database answers, takes writes and has our tables. Redis, Temporal and Odoo may be
 * gone; work is accepted all the same. The demo also waits until its places and pallets have been read once, as long as
 * an Odoo may still answer.
 */
export class Readiness {
  private stopping = false;
  private migrated = false;
  private read: boolean;

  constructor(
    private readonly db: Database,
    config: Pick<Config, 'demo'>,
  ) {
    this.read = !config.demo;
  }

  /** From now on nobody should send new work here. */
  stop(): void {
    this.stopping = true;
  }

  /** Why not, or null when commands are accepted. */
  async reason(): Promise<NotReady | null> {
    if (this.stopping) return 'stopping';
    try {
      if (!(await this.takesWrites())) return 'database';
      this.migrated ||= await this.hasTables();
      if (!this.migrated) return 'migrations';
      this.read ||= await this.catalogueRead();
    } catch {
      // Why the database does not answer is in its own log; here it is the answer.
      return 'database';
    }
    return this.read ? null : 'catalogue';
  }

  private async takesWrites(): Promise<boolean> {
    const [row] = await this.db.installation.query<{ writable: boolean }>(
      `SELECT current_setting('transaction_read_only') = 'off' AS writable`,
    );
    return row?.writable === true;
  }

  private async hasTables(): Promise<boolean> {
    const rows = await this.db.installation.query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    const done = new Set(rows.map((row) => row.migration_name));
    return neededMigrations().every((name) => done.has(name));
  }

  private async catalogueRead(): Promise<boolean> {
    const outside = await this.db.definer.connectionStats();
    // A mail server has no catalogue.
    const catalogued = outside.filter(({ kind }) => kind === 'odoo');
    return catalogued.length > 0 && catalogued.every(({ unread, down, toMend }) => unread <= down + toMend);
  }
}
