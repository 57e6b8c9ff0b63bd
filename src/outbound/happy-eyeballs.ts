import { isIPv6 } from 'node:net';
import { isUnreachable, type AttemptFailure } from './attempt-outcome.js';

/** How long an address has a head start before the next one is tried beside it (RFC 8305, section 5). */
const STAGGER_MS = 250;

/** Opens a connection to one address; rejects with an AttemptFailure, also when it is aborted. */
type Open<T extends { destroy(): unknown }> = (address: string, signal: AbortSignal) => Promise<T>;

/** The families in turns, IPv6 first, and each in the order it came (RFC 8305, section 4). */
export function interleaved(addresses: readonly string[]): string[] {
  const six = addresses.filter(isIPv6);
  const four = addresses.filter((address) => !isIPv6(address));
  return Array.from({ length: Math.max(six.length, four.length) }, (_, at) =>
    [six[at], four[at]].filter((address) => address !== undefined),
  ).flat();
}

/**
 * The first connection that any of the addresses takes, by RFC 8305: the next one is tried when one fails, and beside it when
 * it takes long. The others are given up then. Rejects with the most telling failure once all have failed, or on abort.
 */
export function connectAny<T extends { destroy(): unknown }>(
  addresses: readonly string[],
  open: Open<T>,
  signal: AbortSignal,
): Promise<{ won: T; address: string }> {
  return new Promise((resolve, reject) => {
    // Aborts whatever is under way: the losers, or all of them with the attempt itself.
    const rest = new AbortController();
    let next = 0;
    let underWay = 0;
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
      underWay += 1;
      if (next < addresses.length) timer = setTimeout(tryNext, STAGGER_MS);
      open(address, rest.signal).then((won) => {
        // Two may be there in the same moment.
        if (isWon) return void won.destroy();
        isWon = true;
        giveUp();
        resolve({ won, address });
      }, onFailure);
    };
    const onFailure = (failure: AttemptFailure): void => {
      underWay -= 1;
      // A machine without IPv6 says so of each of these addresses, which is not what is wrong.
      if (reported === null || isUnreachable(reported) || !isUnreachable(failure)) reported = failure;
      if (next < addresses.length) tryNext();
      else if (underWay === 0) reject(reported);
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    tryNext();
    if (underWay === 0) reject(new Error('There is no address to try.'));
  });
}
