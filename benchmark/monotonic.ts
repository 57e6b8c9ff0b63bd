/**
 * Milliseconds on the machine's monotonic clock (CLOCK_MONOTONIC), which all processes share: a time taken in the
 * generator can be subtracted from one taken in the receiver.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
