import { isIPv6 } from 'node:net';
import { isUnreachable, type AttemptFailure } from './attempt-outcome.js';

/** How long after one address the next is tried beside it, milliseconds (RFC 8305, section 5). */
const STAGGER_MS = 250;
const LEAST_STAGGER_MS = 10;

/** Opens a connection to one address; rejects with an AttemptFailure, also when it is aborted. */
type Open<T extends { destroy(): unknown }> = (address: string, signal: AbortSignal) => Promise<T>;

/** Alternates the families, IPv6 first, each in its own order (RFC 8305, section 4). */
export function interleaved(addresses: readonly string[]): string[] {
  const six = addresses.filter(isIPv6);
  const four = addresses.filter((address) => !isIPv6(address));
  return Array.from({ length: Math.max(six.length, four.length) }, (_, at) =>
    [six[at], four[at]].filter((address) => address !== undefined),
  ).flat();
}

/** Less where the time for the attempt is short: the last address is tried when half of it is over. */
export function staggerMs(addresses: number, limitMs: number): number {
  return Math.max(LEAST_STAGGER_MS, Math.min(STAGGER_MS, limitMs / 2 / (addresses - 1)));
}

/**
 * The first connection that any of the addresses accepts, by RFC 8305: the next address is tried when one fails, and
 * beside one that takes long. The others are aborted then. Rejects when all have failed, with the most useful error, or
 * on abort.
 */
export function connectAny<T extends { destroy(): unknown }>(
  addresses: readonly string[],
  open: Open<T>,
  signal: AbortSignal,
  stagger = STAGGER_MS,
): Promise<{ won: T; address: string }> {
  return new Promise((resolve, reject) => {
    // Aborts the slower connections, or all of them with the attempt.
    const rest = new AbortController();
    let next = 0;
    let pending = 0;
    let timer: NodeJS.Timeout | undefined;
    let reported: AttemptFailure | null = null;
    let isWon = false;
    const giveUp = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      next = addresses.length;
      rest.abort();
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = addresses[next];
      if (address === undefined) return;
      next += 1;
      pending += 1;
      if (next < addresses.length) timer = setTimeout(tryNext, stagger);
      open(address, rest.signal).then((won) => {
        // Two may be accepted at the same moment.
        if (isWon) return void won.destroy();
        isWon = true;
        giveUp();
        resolve({ won, address });
      }, onFailure);
    };
    const onFailure = (failure: AttemptFailure): void => {
      pending -= 1;
      // On a machine without IPv6 each IPv6 address fails like this, which hides the real error.
      if (reported === null || isUnreachable(reported) || !isUnreachable(failure)) reported = failure;
      if (next < addresses.length) tryNext();
      else if (pending === 0) reject(reported);
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    tryNext();
    if (pending === 0) reject(new Error('There are no addresses to try.'));
  });
}
