/** @typedef {{kind: string, acked: number, recoveryMs: number, violations: import('./check.mjs').Violation[]}} RoundResult */

/** @typedef {import('./check.mjs').Wrong} Wrong */

/** One row per kind, in Markdown. @param {RoundResult[]} results @param {Wrong[]} columns of what must not be */
export function table(results, columns) {
  const COLUMNS = ['kind', 'rounds', 'acked', ...columns, 'other', 'worst recovery'];
  const kinds = [...new Set(results.map(({ kind }) => kind))].sort();
  const rows = kinds.map((kind) =>
    row(
      kind,
      results.filter((result) => result.kind === kind),
      columns,
    ),
  );
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows, row('all', results, columns)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** @param {string} kind @param {RoundResult[]} results @param {Wrong[]} columns */
function row(kind, results, columns) {
  const all = results.flatMap(({ violations }) => violations);
  const count = (/** @type {string} */ what) => all.filter((one) => one.what === what).length;
  return [
    kind,
    results.length,
    results.reduce((sum, { acked }) => sum + acked, 0),
    ...columns.map(count),
    all.filter(({ what }) => !columns.includes(what)).length,
    `${(Math.max(0, ...results.map(({ recoveryMs }) => recoveryMs)) / 1000).toFixed(1)} s`,
  ].map(String);
}
