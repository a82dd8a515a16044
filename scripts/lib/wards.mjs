import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gone, isAlive, signal } from './proc.mjs';

/**
 * A process that somebody must stop: who it is, with which signal, in which turn, and what to send when that does not help
 * (PostgreSQL: SIGQUIT, so that it still tidies up its shared memory).
 * @typedef {{pid: number, started: string, name: string, turn: number, stop: NodeJS.Signals, last: NodeJS.Signals, stopMs: number}} Ward
 */

/**
 * Stops processes in their turns; within a turn at the same time. Only touches a process that is still the one that was noted.
 * @param {Ward[]} wards @param {(text: string) => void} say
 */
export async function stopInTurns(wards, say) {
  const turns = [...new Set(wards.map(({ turn }) => turn))].sort((a, b) => a - b);
  for (const turn of turns) {
    const now = wards.filter((ward) => ward.turn === turn && isAlive(ward));
    for (const ward of now) {
      signal(ward, ward.stop);
      signal(ward, 'SIGCONT'); // A process that was stopped (SIGSTOP) would not hear the other one.
    }
    await Promise.all(
      now.map(async (ward) => {
        if (await gone([ward], ward.stopMs)) return;
        say(`${ward.name} (pid ${ward.pid}) did not stop in ${ward.stopMs / 1000} s and is ended`);
        signal(ward, ward.last);
        if (await gone([ward], 3000)) return;
        signal(ward, 'SIGKILL');
        await gone([ward], 1000);
      }),
    );
  }
}

/** @param {string} dir @param {Ward} ward */
export function noteWard(dir, ward) {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, `${ward.name}.json`), JSON.stringify(ward));
}

/** @param {string} dir @param {string} name */
export const forgetWard = (dir, name) => rmSync(join(dir, `${name}.json`), { force: true });

/** What an earlier start noted and never stopped. @param {string} dir @returns {Ward[]} those that still run */
export function leftovers(dir) {
  /** @type {string[]} */
  let names = [];
  try {
    names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // Nothing was ever started here.
  }
  return names.flatMap((name) => {
    try {
      /** @type {Ward} */
      const ward = JSON.parse(readFileSync(join(dir, name), 'utf8'));
      if (isAlive(ward)) return [ward];
    } catch {
      // Half a file of a start that was killed while writing it: its process is found by the port it holds.
    }
    rmSync(join(dir, name), { force: true });
    return [];
  });
}
