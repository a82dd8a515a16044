/** What `scripts/bench.mjs` hands to a benchmark. */
export interface BenchEnvironment {
  /** Base address of the API and web app. */
  url: string;
  databaseUrl: string;
  odooUrl: string;
  /** Where the supervisor notes its processes. */
  runDir: string;
  /** What bench/lib/odoo-clock.ts writes in the worker. */
  odooClock: string;
  chromium: string;
  /** Environment of Nervio's own processes, to start more of them. */
  partEnv: Record<string, string>;
  /** Node's options for the API. */
  apiOptions: string[];
  /** Few iterations: for trying the benchmark itself, not for results. */
  quick: boolean;
  versions: Record<string, string>;
}

export function benchEnvironment(): BenchEnvironment {
  const read = (name: string): string => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is missing: benchmarks are started by npm run bench`);
    return value;
  };
  return {
    url: read('NERVIO_BENCH_URL'),
    databaseUrl: read('NERVIO_BENCH_DATABASE_URL'),
    odooUrl: read('NERVIO_BENCH_ODOO_URL'),
    runDir: read('NERVIO_BENCH_RUN_DIR'),
    odooClock: read('NERVIO_BENCH_ODOO_CLOCK'),
    chromium: read('NERVIO_BENCH_CHROMIUM'),
    partEnv: JSON.parse(read('NERVIO_BENCH_PART_ENV')) as Record<string, string>,
    apiOptions: JSON.parse(read('NERVIO_BENCH_API_OPTIONS')) as string[],
    quick: read('NERVIO_BENCH_QUICK') === '1',
    versions: JSON.parse(read('NERVIO_BENCH_VERSIONS')) as Record<string, string>,
  };
}
