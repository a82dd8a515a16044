import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { rootDir } from '../../store/root';

/**
 * Workflows that are running when a new version is deployed go on with the new code: it must still walk through what was
 * recorded. Histories are of one outcome each; a change of the code that alters one needs `patched` and a new recording
 * beside the old (RECORD_HISTORIES=1 npm test -- test/workflow).
 */
const folder = join(__dirname, 'histories');
const read = (file: string): object => JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
const recorded = readdirSync(folder).filter((file) => file.endsWith('.json'));
const bundle = { codePath: join(rootDir, 'dist', 'workflow-bundle.js') };

beforeAll(() => Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] }));

it.each(recorded)('replays %s', async (file) => {
  await Worker.runReplayHistory({ workflowBundle: bundle }, read(file));
});

it.each([
  // The move that was recorded asked for the transfer; this one is told that it asked to undo it.
  ['move-pallets-synced', 'transferPallets', 'undoTransfer'],
  ['settle-sales-mailed', 'sendReceipts', 'sendOneReceipt'],
  ['mail-receipt-sent', 'sendOneReceipt', 'sendReceipts'],
  ['schedule-expireStock', 'expireStock', 'reconcileStock'],
])('notices code that does not fit the history of %s', async (file, was, is) => {
  const history = readFileSync(join(folder, `${file}.json`), 'utf8');
  const changed = history.replace(new RegExp(`("activityType": \\{\\s*"name": ")${was}"`), `$1${is}"`);
  expect(changed).not.toBe(history);
  await expect(
    Worker.runReplayHistory({ workflowBundle: bundle }, JSON.parse(changed) as object),
  ).rejects.toMatchObject({ name: 'DeterminismViolationError' });
});
