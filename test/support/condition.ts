import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `check` neither throws nor gives `false`, `null` or another empty value, and gives what it gave. A check
 * made of `expect`s gives nothing, which is fine. Fails with the last error.
 */
export async function eventually<T>(
  check: () => Promise<T> | T,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<Exclude<T, null | false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let problem: unknown = new Error(`The condition did not hold within ${timeoutMs} ms.`);
    try {
      const result = await check();
      if (result || result === undefined) return result as Exclude<T, null | false>;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > deadline) throw problem;
    await delay(10);
  }
}

/**
 * Fails as soon as `check` throws or gives `false` within `forMs`: for what must not happen, which no condition shows.
 * `because` says what would have happened in that time.
 */
export async function staysSo(
  check: () => unknown,
  { forMs, because }: { forMs: number; because: string },
): Promise<void> {
  const end = performance.now() + forMs;
  do {
    if ((await check()) === false) throw new Error(`It did not stay so for ${forMs} ms (${because}).`);
    await delay(10);
  } while (performance.now() < end);
}
