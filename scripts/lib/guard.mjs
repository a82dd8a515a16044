/**
 * Outlives whoever started it by a few seconds: when their end of our stdin closes without a farewell (kill -9, a crash), it stops
 * in order what they had started. Runs in a session of its own, so that neither Ctrl-C nor a kill of the group reaches it.
 * Reads lines of JSON: {"add": Ward}, {"drop": pid}, {"farewell": true}.
 */
import { createInterface } from 'node:readline';
import { stopInTurns } from './wards.mjs';

/** @type {Map<number, import('./wards.mjs').Ward>} */
const wards = new Map();
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const message = JSON.parse(text);
    if (message.farewell) process.exit(0);
    if (message.drop) wards.delete(message.drop);
    if (message.add) wards.set(message.add.pid, message.add);
  })
  .on('close', () => {
    const say = (/** @type {string} */ text) => console.log(`${new Date().toISOString()} ${text}`);
    say('npm start is gone without stopping its servers');
    stopInTurns([...wards.values()], say).then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
