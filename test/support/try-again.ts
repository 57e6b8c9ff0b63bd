/**
 * Runs a failed test of this file up to twice more, telling of each failure. For tests that wait for a browser or for a
 * worker's second by second reports, on machines that are busy with something else.
 */
export function tryAgain(meta: ImportMeta): void {
  const { jest } = meta as unknown as { jest: { retryTimes(times: number, options: object): void } };
  jest.retryTimes(2, { logErrorsBeforeRetry: true });
}
