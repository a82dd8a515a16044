/** @typedef {{kind: string, acked: number, recoveryMs: number, violations: import('./check.mjs').Violation[]}} RoundResult */

const COLUMNS = ['kind', 'rounds', 'acked', 'lost', 'doubled', 'stuck', 'other', 'worst recovery'];

/** One row per kind, in Markdown. @param {RoundResult[]} results */
export function table(results) {
  const kinds = [...new Set(results.map(({ kind }) => kind))].sort();
  const rows = kinds.map((kind) =>
    row(
      kind,
      results.filter((result) => result.kind === kind),
    ),
  );
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows, row('all', results)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** @param {string} kind @param {RoundResult[]} results */
function row(kind, results) {
  const all = results.flatMap(({ violations }) => violations);
  const count = (/** @type {string} */ what) => all.filter((one) => one.what === what).length;
  const named = ['lost', 'doubled', 'stuck'];
  return [
    kind,
    results.length,
    results.reduce((sum, { acked }) => sum + acked, 0),
    ...named.map(count),
    all.filter(({ what }) => !named.includes(what)).length,
    `${(Math.max(0, ...results.map(({ recoveryMs }) => recoveryMs)) / 1000).toFixed(1)} s`,
  ].map(String);
}
