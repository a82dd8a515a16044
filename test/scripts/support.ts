import { type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The first line that a process prints; fails when it ends without one. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('its output is not read');
    createInterface({ input: child.stdout }).once('line', resolve);
    // Not 'exit': what it said may be read after that.
    child.once('close', (code) => reject(new Error(`ended with ${code} before it said anything`)));
  });
}

/** A folder for one test file, removed after it. */
export function scratchFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'nervio-scripts-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Waits for a condition; fails with its name after half a minute. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds());) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What is printed while the test runs, as whole lines. */
export function capturedOutput(): string[] {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      lines.push(...String(chunk).split('\n').filter(Boolean));
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());
  return lines;
}
