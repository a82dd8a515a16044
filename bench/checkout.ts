import { Client } from 'pg';
import { signAccessToken } from '../api/auth/access-token';
import { admissionModes } from '../domain/admission';
import { appDatabaseUrl } from '../store/roles';
import { deriveKey } from '../store/secrets';
import { agreement, fillSales, settleAll } from './checkout/fill';
import { floorFunction } from './checkout/floor-sql';
import { type Beside, signalParts, startBeside } from './checkout/processes';
import {
  cartOf,
  headOf,
  openSessions,
  openShop,
  uniform,
  zipf,
  type Article,
  type BenchShop,
  type Pick,
} from './checkout/shop';
import { cpuEach, cpuShares, readCpu } from './lib/cpu';
import { benchEnvironment } from './lib/environment';
import { spread } from './lib/figures';
import {
  closedLoop,
  countOf,
  gaveUp,
  HttpLoad,
  offered,
  perSecond,
  turnedAway,
  type Answer,
  type LoadRun,
} from './lib/http-load';
import { conditions, note, table } from './lib/report';

/** Sales over HTTP against the same rows written by the least that could (performance: checkout, PERF-04…06, PERF-09). */

const connections = 256;
const behind = ['worker', 'dispatcher'];

interface Sizes {
  shop: { sites: number; tills: number; articles: number };
  seconds: number;
  /** A process that has just begun needs twice the time for a sale: its code is compiled while it runs, s. */
  warmUp: number;
  runs: number;
  rates: number[];
  stored: number[];
  /** People who are logged in and sell. */
  people: number[];
}

async function main(): Promise<void> {
  const env = benchEnvironment();
  const sizes: Sizes = env.quick
    ? {
        shop: { sites: 2, tills: 40, articles: 500 },
        seconds: 1.5,
        warmUp: 1,
        runs: 1,
        rates: [100, 1_200],
        stored: [300, 3_000],
        people: [1, 50],
      }
    : {
        shop: { sites: 5, tills: 200, articles: 5_000 },
        seconds: 5,
        warmUp: 12,
        runs: 3,
        rates: [100, 400, 800, 1_200, 2_000, 3_000, 4_000, 6_000, 8_000],
        stored: [2_000, 20_000, 200_000],
        people: [1, 200, 1_000, 6_000],
      };
  const all = ['slope', 'goal', 'ladder', 'carts', 'people', 'top', 'peers', 'admission', 'settling'];
  const only = process.env['NERVIO_BENCH_PARTS']?.split(',') ?? all;

  const database = new Client({ connectionString: env.databaseUrl });
  await database.connect();
  await database.query(floorFunction);
  note('filling the shop');
  const shop = await openShop(database, sizes.shop);
  const bench = new Bench(env, sizes, database, shop);
  conditions(env.versions, [
    `settings: one machine for everything, load included; PostgreSQL with fsync on; one API process, admission «off»; ${sizes.shop.tills} tills in ${sizes.shop.sites} stores, ${sizes.shop.articles} articles, three lines a cart unless said; ${connections} connections; ${sizes.seconds} s each after a warm-up of ${sizes.warmUp} s; the worker and the dispatcher stand still but where said`,
    'settings: «offered» is open loop, latency from the intended moment of sending; turned away = answered 503, or gone after 2 s in line for a connection; «top» is closed loop',
  ]);
  signalParts(env.runDir, behind, 'SIGSTOP');
  try {
    note('warming up');
    await fillSales(database, shop, sizes.stored[0]!);
    await bench.nervio(uniform(shop.articles.length)).closed(64, sizes.warmUp);
    if (only.includes('slope')) await bench.slope();
    else await fillSales(database, shop, sizes.stored.at(-1)!);
    if (only.includes('goal')) await bench.goal();
    if (only.includes('ladder')) await bench.ladder();
    if (only.includes('carts')) await bench.carts();
    if (only.includes('people')) await bench.people();
    if (only.includes('top')) await bench.top();
    if (only.includes('peers')) await bench.peers();
    if (only.includes('admission')) await bench.admission();
    if (only.includes('settling')) await bench.settling();
  } finally {
    signalParts(env.runDir, behind, 'SIGCONT');
  }
  await bench.proof();
  bench.close();
  await database.end();
}

/** Offers carts of one kind to one address. */
interface Offer {
  offered(rate: number, seconds?: number): Promise<LoadRun>;
  closed(callers: number, seconds?: number): Promise<LoadRun>;
}

class Bench {
  private token = '';
  private tokenAt = 0;
  private readonly loads = new Map<string, HttpLoad>();
  /** Refusals and failures that should not have been, by what they were. */
  private readonly odd = new Map<string, number>();
  private refusals = 0;

  constructor(
    private readonly env: ReturnType<typeof benchEnvironment>,
    private readonly sizes: Sizes,
    private readonly database: Client,
    private readonly shop: BenchShop,
  ) {}

  close(): void {
    for (const load of this.loads.values()) load.close();
  }

  private get everything(): Pick {
    return uniform(this.shop.articles.length);
  }

  nervio(pick: Pick, lines = 3, always: Article[] = []): Offer {
    return this.at(new URL(this.env.url), () => cartOf(this.shop, lines, pick, always));
  }

  /** @param token of who sells; else one person sells everything */
  at(url: URL, body: () => string, { refusals = false, token = () => this.token } = {}): Offer {
    let load = this.loads.get(url.host);
    if (load === undefined) this.loads.set(url.host, (load = new HttpLoad(url, connections)));
    const own = load;
    const send = (): Promise<Answer> => own.post('/api/v1/sales', headOf(token()), body());
    const run = async (work: () => Promise<LoadRun>): Promise<LoadRun> => {
      await this.logIn();
      const result = await work();
      for (const [status, count] of result.statuses) {
        if ([201, 503, gaveUp].includes(status)) continue;
        if (status === 409 && refusals) this.refusals += count;
        else this.odd.set(`${status} ${result.examples.get(status) ?? ''}`, count);
      }
      return result;
    };
    const { seconds } = this.sizes;
    return {
      offered: (rate, during = seconds) => run(() => offered(rate, during, send)),
      closed: (callers, during = seconds) => run(() => closedLoop(callers, during, send)),
    };
  }

  /** Tokens last ten minutes. */
  private async logIn(): Promise<void> {
    if (Date.now() - this.tokenAt < 240_000) return;
    const answer = await fetch(`${this.env.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'caja@demo.test', password: 'nervio-demo' }),
    });
    if (!answer.ok) throw new Error(`log-in failed: ${answer.status} ${await answer.text()}`);
    this.token = ((await answer.json()) as { accessToken: string }).accessToken;
    this.tokenAt = Date.now();
  }

  private async measured(
    work: () => Promise<LoadRun>,
    beside: Readonly<Record<string, number>> = {},
  ): Promise<{ run: LoadRun; cpu: string; each: string }> {
    const before = readCpu(this.env.runDir, beside);
    const run = await work();
    const after = readCpu(this.env.runDir, beside);
    return { run, cpu: cpuShares(before, after, run.seconds), each: cpuEach(before, after, countOf(run, 201)) };
  }

  async slope(): Promise<void> {
    const rows: string[][] = [];
    for (const stored of this.sizes.stored) {
      note(`slope: ${stored} stored sales`);
      await fillSales(this.database, this.shop, stored);
      const { rows: size } = await this.database.query<{ sales: string; size: string }>(
        'SELECT (SELECT count(*) FROM sale) AS sales, pg_size_pretty(pg_database_size(current_database())) AS size',
      );
      const run = await this.nervio(this.everything).offered(1_200);
      rows.push([size[0]!.sales, size[0]!.size, ...latencies(run), perSecond(run).toFixed(0)]);
    }
    table(
      'checkout, slope: 1,200/s offered, uniform, with more stored sales',
      ['stored sales', 'database', 'P50', 'P95', 'P99', 'sold/s'],
      rows,
    );
  }

  /** In turns with the floor at the same rate: what is out of its reach is out of the machine's. */
  async goal(): Promise<void> {
    const rate = 1_200;
    const floor = await this.startFloor({ underWay: 2, batch: 200 });
    const bare = this.at(floor.url, () => cartOf(this.shop, 3, this.everything));
    await bare.closed(64, this.sizes.warmUp);
    const runs = { Nervio: [] as LoadRun[], floor: [] as LoadRun[] };
    const cpus = { Nervio: '', floor: '' };
    for (let run = 1; run <= this.sizes.runs; run++) {
      note(`1,200/s, run ${run}`);
      const offers = { floor: bare, Nervio: this.nervio(this.everything) };
      for (const name of ['floor', 'Nervio'] as const) {
        const result = await this.measured(() => offers[name].offered(rate, this.sizes.seconds * 2), {
          floor: floor.pid,
        });
        runs[name].push(result.run);
        cpus[name] = result.cpu;
      }
      await settleAll(this.database);
    }
    await floor.stop();
    const rows = (['Nervio', 'floor'] as const).map((name) => {
      const of = (percent: number) =>
        spread(
          runs[name].map(({ durations }) => durations.at(percent)),
          'ms',
        );
      const lost = runs[name].reduce((sum, run) => sum + run.sent - countOf(run, 201), 0);
      return [name, of(50), of(95), of(99), String(lost), cpus[name]];
    });
    table(
      `checkout at 1,200/s, uniform; median of ${this.sizes.runs} runs (least … most); goal: P50 ≤ 4 ms, P95 ≤ 10 ms`,
      ['', 'P50', 'P95', 'P99', 'turned away', 'CPU (of one core, last run)'],
      rows,
    );
  }

  async ladder(): Promise<void> {
    const rows: string[][] = [];
    for (const rate of this.sizes.rates) {
      note(`ladder: ${rate}/s`);
      const { run, cpu } = await this.measured(() => this.nervio(this.everything).offered(rate));
      rows.push([...rowOf(rate, run), cpu]);
    }
    table('checkout, uniform: offered load', [...head, 'CPU (of one core)'], rows);
  }

  async carts(): Promise<void> {
    const [hot] = this.shop.articles as [Article, ...Article[]];
    const wanted = zipf(this.shop.articles.length, 0.99);
    const kinds: [string, Offer, number[]][] = [
      ['Zipf 0.99', this.nervio(wanted), [1_200, 3_000]],
      ['one hot SKU beside two others', this.nervio(this.everything, 3, [hot]), [1_200, 3_000]],
      ['one hot SKU alone', this.nervio(this.everything, 1, [hot]), [1_200, 3_000, 4_000]],
      ['20 lines', this.nervio(this.everything, 20), [100, 400]],
    ];
    const rows: string[][] = [];
    for (const [name, offer, rates] of kinds) {
      for (const rate of this.sizes.runs === 1 ? rates.slice(0, 1) : rates) {
        note(`${name}: ${rate}/s`);
        rows.push([name, ...rowOf(rate, await offer.offered(rate))]);
      }
    }
    table('checkout, other carts (goal: ≥ 3,000/s on one hot SKU)', ['cart', ...head], rows);
  }

  /** Each is looked up again every few seconds: with how many log-ins does that begin to cost? */
  async people(): Promise<void> {
    const key = deriveKey(this.env.partEnv['NERVIO_SECRET']!, 'access-token');
    const until = new Date(Date.now() + 3_600_000);
    const rows: string[][] = [];
    for (const count of this.sizes.people) {
      note(`${count} people`);
      const sessions = await openSessions(this.database, this.shop, count);
      const { tenantId, userId: sub } = this.shop;
      const tokens = await Promise.all(
        sessions.map((sid) => signAccessToken(key, { sub, tenantId, role: 'cashier', sid, sites: null }, until)),
      );
      const token = () => tokens[Math.floor(Math.random() * tokens.length)]!;
      const offer = this.at(new URL(this.env.url), () => cartOf(this.shop, 3, this.everything), { token });
      const { run, cpu } = await this.measured(() => offer.offered(1_200, this.sizes.seconds * 2));
      rows.push([String(count), ...rowOf(1_200, run).slice(1), cpu]);
    }
    table(
      'checkout, uniform, 1,200/s from so many who are logged in',
      ['people', ...head.slice(1), 'CPU (of one core)'],
      rows,
    );
  }

  /** As fast as it goes, in turns with the floor, so that both see the same machine. */
  async top(): Promise<void> {
    const floor = await this.startFloor({ underWay: 2, batch: 200 });
    const [hot] = this.shop.articles as [Article, ...Article[]];
    const kinds: [string, number, () => string][] = [
      ['uniform', 8, () => cartOf(this.shop, 3, this.everything)],
      ['uniform', 64, () => cartOf(this.shop, 3, this.everything)],
      ['uniform', connections, () => cartOf(this.shop, 3, this.everything)],
      ['one hot SKU alone', 64, () => cartOf(this.shop, 1, this.everything, [hot])],
    ];
    const rows: string[][] = [];
    await this.at(floor.url, kinds[1]![2]).closed(64, this.sizes.warmUp);
    for (const [name, callers, body] of kinds) {
      const own: LoadRun[] = [];
      const least: LoadRun[] = [];
      let [each, eachOfFloor] = ['', ''];
      for (let run = 1; run <= this.sizes.runs; run++) {
        note(`top, ${name}, ${callers} callers, run ${run}`);
        const bare = await this.measured(() => this.at(floor.url, body).closed(callers), { floor: floor.pid });
        least.push(bare.run);
        eachOfFloor = bare.each;
        const result = await this.measured(() => this.at(new URL(this.env.url), body).closed(callers));
        own.push(result.run);
        ({ each } = result);
        await settleAll(this.database);
      }
      const ratios = own.map((run, index) => (perSecond(run) / perSecond(least[index]!)) * 100);
      rows.push([
        name,
        String(callers),
        spread(own.map(perSecond)),
        spread(least.map(perSecond)),
        spread(ratios, '%'),
        spread(
          own.map(({ durations }) => durations.at(50)),
          'ms',
        ),
        spread(
          least.map(({ durations }) => durations.at(50)),
          'ms',
        ),
        each,
        eachOfFloor,
      ]);
    }
    await floor.stop();
    table(
      'checkout, top: closed loop, sold/s; median of the runs (least … most); goal: ≥ 70 % of the floor',
      [
        'cart',
        'callers',
        'Nervio',
        'floor',
        'of the floor',
        'Nervio P50',
        'floor P50',
        'Nervio’s CPU for a sale',
        'the floor’s',
      ],
      rows,
    );
  }

  private startFloor(how: { underWay: number; batch: number; workflows?: boolean }): Promise<Beside> {
    return startBeside(
      'bench/checkout/floor.js',
      {
        ...this.env.partEnv,
        FLOOR_TENANT: this.shop.tenantId,
        FLOOR_USER: this.shop.userId,
        FLOOR_DATABASE_URL: appDatabaseUrl(this.env.databaseUrl, this.env.partEnv['NERVIO_SECRET']!),
        FLOOR_UNDER_WAY: String(how.underWay),
        FLOOR_BATCH: String(how.batch),
        FLOOR_WORKFLOWS: how.workflows ? '1' : '0',
      },
      '/',
      this.env.apiOptions,
    );
  }

  async peers(): Promise<void> {
    const body = () => cartOf(this.shop, 3, this.everything);
    const rows: string[][] = [];
    const measure = async (name: string, how: Parameters<Bench['startFloor']>[0], callers: number): Promise<void> => {
      note(`peer: ${name}`);
      const peer = await this.startFloor(how);
      const offer = this.at(peer.url, body);
      await offer.closed(callers, 1);
      const run = await offer.closed(callers);
      await peer.stop();
      rows.push([name, String(callers), perSecond(run).toFixed(0), ...latencies(run)]);
    };
    await measure('PostgreSQL alone: a transaction for each sale, 16 connections', { underWay: 16, batch: 1 }, 64);
    await measure('a workflow for each sale, the same Temporal', { underWay: 16, batch: 1, workflows: true }, 64);
    await settleAll(this.database);
    table(
      'checkout, peers: closed loop, uniform, bare Fastify before the floor’s statement',
      ['peer', 'callers', 'sold/s', 'P50', 'P95', 'P99'],
      rows,
    );
  }

  /** What Redis does on the way of a sale, and what is won by not asking it. */
  async admission(): Promise<void> {
    const rows: string[][] = [];
    const rate = 3_000;
    for (const mode of admissionModes) {
      note(`admission «${mode}»`);
      const api = await startBeside(
        'api/server.js',
        { ...this.env.partEnv, CHECKOUT_ADMISSION: mode },
        '/livez',
        this.env.apiOptions,
      );
      const [hot] = this.shop.articles as [Article, ...Article[]];
      await this.at(api.url, () => cartOf(this.shop, 3, this.everything)).closed(64, this.sizes.warmUp);
      const plain = await this.at(api.url, () => cartOf(this.shop, 3, this.everything)).offered(1_200);
      const one = await this.at(api.url, () => cartOf(this.shop, 1, this.everything, [hot])).offered(rate);
      const pieces = 100;
      const scarce = await this.shop.add(pieces);
      // Four of five want what is nearly gone; the fifth buys something else and should not notice.
      const rush = await this.at(
        api.url,
        () =>
          Math.random() < 0.8 ? cartOf(this.shop, 1, this.everything, [scarce]) : cartOf(this.shop, 3, this.everything),
        { refusals: true },
      ).offered(rate);
      await api.stop();
      await settleAll(this.database);
      rows.push([
        mode,
        ...[plain, one, rush].flatMap((run) => latencies(run).slice(0, 2)),
        rush.seconds === 0 ? '–' : ((countOf(rush, 201) + countOf(rush, 409)) / rush.seconds).toFixed(0),
        String(turnedAway(rush)),
        await this.soldOf(scarce, pieces),
      ]);
    }
    table(
      `checkout, admission: uniform at 1,200/s, one hot SKU at ${rate}/s, a rush for what is gone (four of five) at ${rate}/s`,
      [
        'asked',
        'uniform P50',
        'P95',
        'hot P50',
        'P95',
        'rush P50',
        'P95',
        'rush answered/s',
        'turned away',
        'sold of what was there',
      ],
      rows,
    );
  }

  private async soldOf({ id }: Article, pieces: number): Promise<string> {
    const { rows } = await this.database.query<{ sold: string; sites: string }>(
      'SELECT sum($2::int - on_hand)::int AS sold, count(*) AS sites FROM stock_level WHERE variant_id = $1',
      [id, pieces],
    );
    return `${rows[0]!.sold} of ${pieces * Number(rows[0]!.sites)}`;
  }

  async settling(): Promise<void> {
    note('1,200/s while Temporal settles them');
    signalParts(this.env.runDir, behind, 'SIGCONT');
    const { run, cpu } = await this.measured(() => this.nervio(this.everything).offered(1_200, this.sizes.seconds * 2));
    const { rows } = await this.database.query<{ synced: string }>(
      `SELECT count(*) AS synced FROM operation WHERE queue = 'sales' AND state = 'synced' AND updated_at > now() - make_interval(secs => $1)`,
      [run.seconds],
    );
    signalParts(this.env.runDir, behind, 'SIGSTOP');
    const settled = (Number(rows[0]!.synced) / run.seconds).toFixed(0);
    table(
      'checkout at 1,200/s while worker and dispatcher settle what is sold',
      [...head, 'settled/s', 'CPU (of one core)'],
      [[...rowOf(1_200, run), settled, cpu]],
    );
  }

  async proof(): Promise<void> {
    const found = await agreement(this.database, this.shop);
    table(
      'checkout, afterwards',
      [
        'sales stored',
        'levels that are not their ledger',
        'oversold',
        'tills with a gap',
        'deadlocks',
        'refused in the rushes',
        'refused or failed elsewhere',
      ],
      [
        [
          ...[found.sales, found.levels, found.oversold, found.tills, found.deadlocks, this.refusals].map(String),
          this.odd.size === 0 ? '0' : [...this.odd].map(([what, count]) => `${count} × ${what}`).join('; '),
        ],
      ],
    );
    const bad = found.levels + found.oversold + found.tills + found.deadlocks + this.odd.size;
    if (bad > 0) process.exitCode = 1;
  }
}

const ms = (value: number): string => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
const latencies = (run: LoadRun): string[] => [50, 95, 99].map((percent) => ms(run.durations.at(percent)));
const head = ['offered/s', 'sold/s', 'P50', 'P95', 'P99', 'turned away', 'refused or failed'];

function rowOf(rate: number, run: LoadRun): string[] {
  const away = turnedAway(run);
  const rest = run.sent - countOf(run, 201) - away;
  return [String(rate), perSecond(run).toFixed(0), ...latencies(run), String(away), String(rest)];
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
