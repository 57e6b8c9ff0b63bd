import { connect, isIPv6, type OnReadOpts, type Socket } from 'node:net';
import { AttemptFailure, failureOf } from './attempt-outcome.js';
import { StallAwareTimer } from './stall-aware-timer.js';

/** The longest time for opening a connection, milliseconds: no attempt lasts longer. */
export const LIMIT_MS = 30_000;
/** After so long without a byte, milliseconds, TCP keep-alive probes are sent. */
const KEEP_ALIVE_MS = 60_000;

/** What the options of a socket to one address are. */
export interface SocketOptions {
  host: string;
  port: number;
  localAddress?: string;
  onread?: OnReadOpts;
}

/** The addresses of this machine that connections leave from, at most one for each family; none: the system chooses. */
export class SourceAddresses {
  private readonly four: string | undefined;
  private readonly six: string | undefined;

  constructor(addresses: readonly string[]) {
    this.four = addresses.find((address) => !isIPv6(address));
    this.six = addresses.find(isIPv6);
  }

  /**
   * Those of the addresses that have a source address of their family. Throws when none has: it would leave from an
   * address that the other side does not know.
   */
  usable(addresses: string[]): string[] {
    if (this.four === undefined && this.six === undefined) return addresses;
    const usable = addresses.filter((address) => this.localFor(address) !== undefined);
    if (usable.length > 0) return usable;
    const family = isIPv6(addresses[0] ?? '') ? 6 : 4;
    throw new AttemptFailure(
      'connection_refused',
      `The host has only IPv${family} addresses, and POSTHORN_EGRESS_SOURCE_ADDRESS has no address of that family.`,
    );
  }

  /** The options of a socket to `host`. */
  optionsFor(host: string, port: number): SocketOptions {
    const localAddress = this.localFor(host);
    return localAddress === undefined ? { host, port } : { host, port, localAddress };
  }

  private localFor(host: string): string | undefined {
    return isIPv6(host) ? this.six : this.four;
  }
}

type FailureOf = (error: unknown) => AttemptFailure;

/** Opens a plain connection to an address. Throws what `failure` makes of an error. */
export async function connectPlain(
  options: SocketOptions,
  signal: AbortSignal,
  failure: FailureOf = failureOf,
): Promise<Socket> {
  const socket = connect(options);
  await awaitConnect(socket, signal, failure);
  return socket;
}

/** Resolves when the address has accepted the connection. A TLS handshake may follow. */
export async function awaitConnect(
  socket: Socket,
  signal: AbortSignal,
  failure: FailureOf = failureOf,
): Promise<void> {
  await awaitEvent(socket, 'connect', LIMIT_MS, signal, failure);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
}

/** Waits for an event of a socket that is opening; destroys it when another comes first. */
export function awaitEvent(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  limitMs: number,
  signal: AbortSignal,
  failure: FailureOf,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown): void => {
      timer.clear();
      signal.removeEventListener('abort', abort);
      if (error === undefined) return resolve();
      socket.destroy();
      reject(failure(error));
    };
    const abort = (): void => finish({ code: 'ETIMEDOUT' });
    const timer = new StallAwareTimer(limitMs, abort);
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();
    socket.once(event, () => finish());
    // Stays attached: an error without a listener would end the process.
    socket.on('error', finish);
    socket.once('close', () => finish({ code: 'ECONNRESET' }));
  });
}
