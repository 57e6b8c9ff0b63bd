import { type BlockList, isIP } from 'node:net';
import { isConnectable } from '../lib/ip-address.js';
import { AttemptFailure, failureOf } from './attempt-outcome.js';
import type { DnsResolver } from './dns-resolver.js';
import { interleaved } from './happy-eyeballs.js';

/** A host whose addresses are asked for. */
export interface LookupTarget {
  hostname: string;
  /** Whether it is this installation itself, by the operator's settings: its address may be private. */
  isOwn?: boolean;
  /** Whether the name is looked up although its addresses are cached. */
  skipDnsCache?: boolean;
}

/**
 * Addresses tried for one name: more than names have, and few enough that Posthorn cannot be used to scan a network.
 */
const MAX_ADDRESSES = 64;
export const LOOPBACK = ['127.0.0.1', '::1'];

/** The addresses of a host that may be connected to, in the order in which they are tried. */
export class VettedAddresses {
  constructor(
    private readonly allow: BlockList,
    private readonly resolver: DnsResolver,
  ) {}

  /** Throws an AttemptFailure when there are none, or one is not permitted, or on abort. */
  of(target: LookupTarget, signal: AbortSignal): Promise<string[]> {
    return unlessAborted(this.permitted(target), signal);
  }

  /** Those that the name has got since `tried` were looked up; none when one is not permitted. */
  async since(target: LookupTarget, tried: readonly string[], signal: AbortSignal): Promise<string[]> {
    if (!isLookedUp(target.hostname) || target.skipDnsCache || signal.aborted) return [];
    try {
      await unlessAborted(this.resolver.refresh(target.hostname), signal);
      return (await this.of(target, signal)).filter((address) => !tried.includes(address));
    } catch {
      return [];
    }
  }

  /** Whether the name has addresses, and this one is none of them any more. */
  async haveChanged(hostname: string, address: string): Promise<boolean> {
    if (!isLookedUp(hostname)) return false;
    const addresses = await this.resolver.refresh(hostname).catch(() => [address]);
    return !addresses.includes(address);
  }

  private async permitted({
    hostname,
    isOwn = false,
    skipDnsCache = false,
  }: LookupTarget): Promise<string[]> {
    const isPermitted = (address: string): boolean => isOwn || isConnectable(address, this.allow);
    if (isLocalhost(hostname)) {
      // RFC 6761: the loopback addresses, without a lookup. Only one of the two may be permitted.
      const addresses = LOOPBACK.filter(isPermitted);
      if (addresses.length === 0) throw blockedAddress();
      return addresses;
    }
    const addresses = isIP(hostname) === 0 ? await this.resolver.resolve(hostname, skipDnsCache) : [hostname];
    const permitted = addresses.filter(isPermitted);
    if (permitted.length === 0) throw blockedAddress();
    if (permitted.length === addresses.length) return interleaved(addresses).slice(0, MAX_ADDRESSES);
    // The next attempt looks the name up again.
    this.resolver.expire(hostname);
    throw mixedAddresses();
  }
}

export function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

function isLookedUp(hostname: string): boolean {
  return isIP(hostname) === 0 && !isLocalhost(hostname);
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(failureOf({ code: 'ETIMEDOUT' }));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function mixedAddresses(): AttemptFailure {
  return new AttemptFailure(
    'mixed_addresses',
    'The host name has both allowed and forbidden addresses, so none was tried.',
  );
}

export function blockedAddress(): AttemptFailure {
  return new AttemptFailure('blocked_address', 'The endpoint has an address that is not allowed.');
}
