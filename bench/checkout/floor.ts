import { createHash } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import Fastify from 'fastify';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createBatcher, type Outcome } from '../../api/batcher';

/**
 * The floor, and the peers (no batches; a workflow for each sale): a bare Fastify before `bench_sell`. No log-in, no schema, no limits, no permissions, no
 * refusals but of stock; what is known of articles and tills is in memory.
 */
interface Sale {
  siteId: string;
  registerId: string;
  lines: { sku: string; quantity: number }[];
  payments: { amount: number }[];
  key: string;
}

const read = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};

async function main(): Promise<void> {
  const [tenantId, userId] = [read('FLOOR_TENANT'), read('FLOOR_USER')];
  const [underWay, most] = [Number(read('FLOOR_UNDER_WAY')), Number(read('FLOOR_BATCH'))];
  const pool = new pg.Pool({
    connectionString: read('FLOOR_DATABASE_URL'),
    max: underWay,
    options: `-c app.tenant_id=${tenantId}`,
  });
  const { rows: articles } = await pool.query<{ sku: string; id: string; name: string; price: string }>(
    'SELECT v.sku, v.id, p.name, v.price FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id',
  );
  const bySku = new Map(articles.map((article) => [article.sku, article]));
  const { rows: tills } = await pool.query<{ id: string; session: string }>(
    'SELECT register_id AS id, id AS session FROM register_session WHERE closed_at IS NULL',
  );
  const sessions = new Map(tills.map(({ id, session }) => [id, session]));

  async function run(_: string, sales: Sale[]): Promise<Outcome<object | null>[]> {
    const made = sales.map((sale) => ({ ...sale, id: uuidv7(), operationId: uuidv7() }));
    const lines = made.flatMap((sale, index) =>
      sale.lines.map(({ sku }, at) => ({ sale: index + 1, line: at + 1, ...bySku.get(sku)!, sku })),
    );
    const { rows } = await pool.query<{ short: number[] }>({
      name: 'sell',
      text: `SELECT bench_sell($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19) AS short`,
      values: [
        tenantId,
        userId,
        made.map(({ id }) => id),
        made.map(({ operationId }) => operationId),
        made.map(() => uuidv7()),
        made.map(({ siteId }) => siteId),
        made.map(({ registerId }) => registerId),
        made.map(({ registerId }) => sessions.get(registerId)),
        made.map(({ payments }) => payments[0]!.amount),
        made.map((sale) => sale.lines.length),
        made.map(({ key }) => key),
        made.map(({ key }) => createHash('sha256').update(key).digest()),
        lines.map(({ sale }) => sale),
        lines.map(({ line }) => line),
        lines.map(({ id }) => id),
        lines.map(({ sku }) => sku),
        lines.map(({ name }) => name),
        lines.map(() => uuidv7()),
        lines.map(({ price }) => price),
      ],
    });
    const short = new Set(rows[0]!.short);
    return made.map(({ id, operationId }, index) => ({
      result: short.has(index + 1) ? null : { saleId: id, operationId },
    }));
  }

  const sell = read('FLOOR_WORKFLOWS') === '1' ? await byWorkflow(run) : inBatches(run, underWay, most);
  const app = Fastify();
  app.post<{ Body: Omit<Sale, 'key'> }>('/api/v1/sales', async (request, reply) => {
    const key = String(request.headers['idempotency-key']);
    const sold = await sell({ ...request.body, key });
    return reply.code(sold === null ? 409 : 201).send(sold ?? { code: 'insufficient_stock' });
  });
  await app.listen({ host: '127.0.0.1', port: Number(read('PORT')) });
}

type Run = (tenantId: string, sales: Sale[]) => Promise<Outcome<object | null>[]>;
type Sell = (sale: Sale) => Promise<object | null>;

function inBatches(run: Run, underWay: number, most: number): Sell {
  const batcher = createBatcher<Sale, object | null>({
    run,
    mostJobs: most,
    mostWeight: 2_000,
    weightOf: ({ lines }) => lines.length,
    laneOf: ({ registerId }) => registerId,
    mostUnderWay: underWay,
    mostWaiting: 50_000,
    tooMany: () => new Error('too many'),
  });
  return (sale) => batcher.submit('', sale);
}

/** One workflow with one activity for a sale, on the same Temporal server; the worker is in this process. */
async function byWorkflow(run: Run): Promise<Sell> {
  const address = read('TEMPORAL_ADDRESS');
  const sell = async (sale: Sale): Promise<object | null> => {
    const [outcome] = await run('', [sale]);
    if (outcome === undefined || 'error' in outcome) throw new Error('not sold');
    return outcome.result;
  };
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: 'bench-sales',
    workflowsPath: require.resolve('./workflow-per-sale'),
    activities: { sell },
  });
  worker.run().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
  const client = new Client({ connection: await Connection.connect({ address }) });
  return (sale) =>
    client.workflow.execute<(sale: object) => Promise<object | null>>('sellOne', {
      taskQueue: 'bench-sales',
      workflowId: `bench-${sale.key}`,
      args: [sale],
    });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
