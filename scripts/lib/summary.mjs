/**
 * The one line that closes a test run. Counts as failed: each failed test, each suite that could not be loaded, each part that could
 * not be made ready for it, and a Jest that ended badly without saying why.
 * @param {{numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number, numPendingTests: number,
 *   numTodoTests: number} | undefined} results what Jest wrote, undefined when it did not get that far
 * @param {{broken: number, code: number}} run `code` is Jest's exit code
 */
export function summary(results, { broken, code }) {
  const passed = results?.numPassedTests ?? 0;
  const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  const counted = broken + (results?.numFailedTests ?? 0) + (results?.numRuntimeErrorTestSuites ?? 0);
  const failed = counted === 0 && (code !== 0 || !results) ? 1 : counted;
  return { text: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`, ok: failed === 0 };
}
