import type { Writable } from 'node:stream';
import type { Connection, FieldDef, PoolClient, Submittable } from 'pg';

/** A statement on its way; `values` are texts as PostgreSQL reads them. */
export interface Statement {
  /** Under which the connection keeps it prepared; empty = it is not kept. */
  name: string;
  text: string;
  values: readonly (string | null)[];
  /** @param command of the tag of its end, as `COMMIT` */
  resolve(rows: Record<string, unknown>[], command: string): void;
  reject(error: Error): void;
}

/** What `pg` has and its types do not tell of. */
type Wire = Connection & {
  stream: Writable;
  /** Texts by name. */
  parsedStatements: Record<string, string>;
};

/** How the rows of a prepared statement are read. */
type Shape = { column: string; parse: (text: string) => unknown }[];

/** By connection and name: what has been described once is not asked again. */
const shapes = new WeakMap<object, Map<string, Shape>>();

/**
 * Several statements as one query of `pg`: all that they need leaves in one write that ends with one Sync. `pg`'s own pipeline
 * has a Sync behind each statement, and each of them makes PostgreSQL answer by itself and wakes whoever reads. The first that fails
 * fails those behind it, which PostgreSQL then skips.
 */
export class Trip implements Submittable {
  /** The statement that is answered now. */
  private at = 0;
  private rows: Record<string, unknown>[] = [];
  /** Of the statement that is answered now, when it is not known by its name. */
  private described: Shape = [];
  private readonly known: Map<string, Shape>;

  /** @param over what to do when the connection is free again, or lost */
  constructor(
    private readonly client: PoolClient,
    private readonly statements: readonly Statement[],
    private readonly over: () => void,
  ) {
    let known = shapes.get(client);
    if (known === undefined) shapes.set(client, (known = new Map<string, Shape>()));
    this.known = known;
  }

  /** `pg` notes under these two what has been parsed. */
  get name(): string | undefined {
    return this.statements[this.at]?.name;
  }

  get text(): string | undefined {
    return this.statements[this.at]?.text;
  }

  submit(connection: Connection): void {
    const wire = connection as Wire;
    const parsed = new Set<string>();
    wire.stream.cork();
    for (const { name, text, values } of this.statements) {
      if (name === '' || (wire.parsedStatements[name] === undefined && !parsed.has(name))) {
        parsed.add(name);
        wire.parse({ name, text, types: [] }, true);
      }
      wire.bind({ statement: name, values: values as string[] }, true);
      if (!this.known.has(name)) wire.describe({ type: 'P' }, true);
      wire.execute({}, true);
    }
    wire.sync();
    wire.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    this.described = fields.map(({ name, dataTypeID }) => ({
      column: name,
      parse: this.client.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
    }));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    const shape = this.known.get(this.name!) ?? this.described;
    for (let index = 0; index < shape.length; index++) {
      const { column, parse } = shape[index]!;
      const text = fields[index]!;
      row[column] = text === null ? null : parse(text);
    }
    this.rows.push(row);
  }

  handleCommandComplete({ text: tag }: { text: string }): void {
    const { name, resolve } = this.statements[this.at++]!;
    if (name !== '' && !this.known.has(name)) this.known.set(name, this.described);
    const { rows } = this;
    this.rows = [];
    this.described = [];
    resolve(rows, tag.split(' ', 1)[0]!);
  }

  /** By PostgreSQL, which is ready after it, or by a connection that is lost. */
  handleError(error: Error): void {
    const failed = this.statements.slice(this.at);
    this.at = this.statements.length;
    for (const { reject } of failed) reject(error);
    this.over();
  }

  handleReadyForQuery(): void {
    this.over();
  }
}
