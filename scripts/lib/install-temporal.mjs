import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheDir, root } from './paths.mjs';
import { isProgram, onPath, run } from './run.mjs';
import { Plain, line, progress } from './say.mjs';

/** Later tags have replace directives, which `go install` refuses. Server 1.29.1, Web UI 2.42.1. */
export const TEMPORAL_VERSION = 'v1.5.1';
const home = join(cacheDir, `temporal-${TEMPORAL_VERSION}`);
const cached = join(home, 'temporal');
const GO_PACKAGE = `github.com/temporalio/cli/cmd/temporal@${TEMPORAL_VERSION}`;

/** The Temporal CLI with its server, when it is there already. */
export const findTemporal = () => onPath('temporal') ?? (isProgram(cached) ? cached : undefined);

/**
 * The Temporal CLI with its server: PATH, our cache, the SDK's own download, `go install`.
 * @returns {Promise<string>} path of the program
 */
export async function installTemporal() {
  const there = findTemporal();
  if (there) return there;
  return withLock(join(cacheDir, 'temporal.lock'), 'getting the Temporal server', async () => {
    if (isProgram(cached)) return cached;
    mkdirSync(home, { recursive: true });
    if ((await download()) || (await goInstall())) return cached;
    throw new Plain(
      'No Temporal server: it is not on PATH, its download is out of reach, and Go is not here to build it.',
      [
        'Do one of these, then run the same command again:',
        '- install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH;',
        `- put its binary at ${cached};`,
        '- install Go 1.24 or newer (https://go.dev/dl): it is built from source then, in 2 to 4 minutes;',
        '- point TEMPORAL_ADDRESS at a Temporal server that runs elsewhere.',
      ],
    );
  });
}

/** Lets the SDK download it (its ephemeral server does so). Needs the open internet. */
async function download() {
  const into = mkdtempSync(join(home, 'download-'));
  const script = `
    const { TestWorkflowEnvironment } = require('@temporalio/testing');
    TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', version: '${TEMPORAL_VERSION}', downloadDir: process.argv[1] } } })
      .then((env) => env.teardown()).then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;
  try {
    return await progress('downloading the Temporal server', async (doing) => {
      const result = await run(process.execPath, ['-e', script, into], {
        cwd: root,
        timeoutMs: 180_000,
        onLine: doing,
      });
      const file =
        result.code === 0 &&
        readdirSync(into).find((name) => name.startsWith('temporal') && isProgram(join(into, name)));
      if (!file) throw new Error(result.output.trim().split('\n')[0] || `code ${result.code}`);
      chmodSync(join(into, file), 0o755);
      renameSync(join(into, file), cached);
      return true;
    });
  } catch (error) {
    line(`  not possible here (${/** @type {Error} */ (error).message.slice(0, 160)})`);
    return false;
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

/** Builds it with Go. Two to four minutes and about 2 GB of intermediate files, which are removed unless they went to the user's own Go caches. */
async function goInstall() {
  const go = onPath('go') ?? ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find(isProgram);
  if (!go) return false;
  const work = join(home, 'build');
  mkdirSync(join(work, 'bin'), { recursive: true });
  const own = (await run(go, ['env', 'GOMODCACHE'])).output.trim();
  const useOwn = own !== '' && existsSync(own) && readdirSync(own).length > 0;
  const env = {
    ...process.env,
    GOBIN: join(work, 'bin'),
    GOFLAGS: '-modcacherw',
    ...(useOwn ? {} : { GOMODCACHE: join(work, 'mod'), GOCACHE: join(work, 'cache') }),
  };
  line(`  it is built from source, which takes 2 to 4 minutes, once; it is kept in ${home}`);
  await progress('building the Temporal server with Go', async (doing) => {
    let packages = 0;
    let fetched = 0;
    const result = await run(go, ['install', '-v', '-ldflags', '-s -w', GO_PACKAGE], {
      cwd: work,
      env,
      onLine: (text) => {
        if (text.startsWith('go: downloading')) doing(`${++fetched} modules fetched, ${text.slice(4)}`);
        else if (/^[\w.-]+(\/[\w.@~-]+)*$/.test(text)) doing(`${++packages} packages compiled, now ${text}`);
      },
    });
    if (result.code !== 0)
      throw new Plain(`go install ${GO_PACKAGE} failed.`, result.output.trim().split('\n').slice(-8));
    renameSync(join(work, 'bin', 'temporal'), cached);
  });
  rmSync(work, { recursive: true, force: true });
  return true;
}
