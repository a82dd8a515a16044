import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTestApp, type TestApp } from '../support/app';
import { requireEnv } from '../support/environment';
import { createWork } from '../support/work';

/**
 * Schemathesis (https://schemathesis.io) makes requests of every kind from /openapi.json, right and wrong ones. Nothing
 * may answer 5xx, with a status or a body that is not described, or without asking who one is.
 */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'ignored_auth',
];

/** Per operation, besides those that its schema's edges give. More of them now and then finds more. */
const examples = Number(process.env.NERVIO_SCHEMATHESIS_EXAMPLES ?? 6);

/** What cannot be asked like the rest. */
const excluded = [
  // Never ends.
  '/api/v1/operations/stream',
  // Would end the session of the run.
  '/api/v1/auth/logout',
];

let t: TestApp;
let folder: string;

beforeAll(async () => {
  // On a busy machine it lasts longer than an ordinary access token.
  t = await buildTestApp({ environment: { SESSION_ACCESS_SECONDS: '3600' } });
  await createWork(t.database, t.demo);
  await t.app.listen({ host: '127.0.0.1', port: 0 });
  folder = mkdtempSync(join(tmpdir(), 'nervio-schemathesis-'));
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true });
});

/** No Temporal and no Odoo run here: the probe of the parts and a scan that has to ask Odoo say so. */
const config = `
[[operations]]
include-path = "/health"
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "503"]

[[operations]]
include-path = "/api/v1/pallets/{code}"
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "503"]
`;

function run(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env: { ...process.env, NO_COLOR: '1', COLUMNS: '200' } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

it(
  'answers whatever is thrown at it as described',
  async () => {
    const { authorization } = await t.as(t.demo.users.admin);
    const { port } = t.app.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const configFile = join(folder, 'schemathesis.toml');
    writeFileSync(configFile, config);
    const { code, output } = await run(requireEnv('NERVIO_SCHEMATHESIS_BIN'), [
      '--config-file',
      configFile,
      'run',
      `${url}/openapi.json`,
      '--url',
      url,
      '--header',
      `Authorization: ${authorization}`,
      '--checks',
      checks.join(),
      '--phases',
      'examples,coverage,fuzzing',
      '--max-examples',
      String(examples),
      '--continue-on-failure',
      '--seed',
      '1',
      '--generation-database',
      'none',
      '--warnings',
      'off',
      ...excluded.flatMap((path) => ['--exclude-path', path]),
    ]);
    // The report says what was sent, what came back, and the curl to repeat it.
    if (code !== 0) throw new Error(output.slice(-20_000));
    expect(output).toMatch(/[1-9]\d* generated/);
  },
  examples * 100_000,
);
