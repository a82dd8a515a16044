import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** Prints a table of Markdown: `bench/RESULTS.md` takes it as it is. */
export function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => (row[column] ?? '').length)));
  const text = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  say(`\n**${title}**\n`);
  say(text(head));
  say(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of rows) say(text(row));
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What is being done, for the person who waits; not part of the result. */
export function note(line: string): void {
  process.stderr.write(`… ${line}\n`);
}

/** Load of the machine over the last minute, to tell a disturbed run. */
export const load = (): string => loadavg()[0]!.toFixed(2);

export interface Versions {
  [part: string]: string;
}

/** The machine and the versions that a result belongs to. */
export function conditions(versions: Versions, settings: readonly string[]): void {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${kernel()}`;
  say(`\n- machine: ${machine}; load average before: ${load()}`);
  say(
    `- versions: ${Object.entries(versions)
      .map(([part, version]) => `${part} ${version}`)
      .join(', ')}`,
  );
  for (const setting of settings) say(`- ${setting}`);
}

function kernel(): string {
  try {
    return `Linux ${readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()}`;
  } catch {
    return process.platform;
  }
}
