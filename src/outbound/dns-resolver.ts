import { Resolver } from 'node:dns/promises';
import { AttemptFailure } from './attempt-outcome.js';
import { StallAwareTimer } from './stall-aware-timer.js';
import { lookupErrorMessage, type FamilyFailure } from './lookup-error.js';
import { Lru } from '../lib/lru.js';

/** The longest time for one lookup, milliseconds. */
const DEADLINE_MS = 5_000;
/**
 * How long the addresses of one family wait for the other's, milliseconds: a slow AAAA must not delay every delivery.
 */
const OTHER_FAMILY_MS = 300;
/** Addresses are cached for their TTL within these bounds, milliseconds; the upper one is for endpoints that move. */
const MIN_TTL_MS = 1_000;
const MAX_TTL_MS = 30_000;
const FAILURE_TTL_MS = 1_000;
const MAX_NAMES = 10_000;

interface DnsRecord {
  address: string;
  /** Seconds. */
  ttl: number;
}

interface Entry {
  /** When to look up again, monotonic milliseconds. */
  until: number;
  /** When the lookup began, the same. */
  since: number;
  addresses: Promise<string[]>;
}

/**
 * Resolves host names through c-ares. Not `dns.lookup`: its calls share four threads with the file system, so a few
 * names with dead name servers would stall all deliveries. The hosts file is not read.
 */
export class DnsResolver {
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 2 });
  private readonly entries = new Lru<Entry>(MAX_NAMES);

  /** `servers` replaces the system's name servers, as `address` or `address:port`. */
  constructor(servers?: readonly string[]) {
    if (servers !== undefined) this.resolver.setServers(servers);
  }

  /**
   * All addresses of a name, at least one; else throws an AttemptFailure. `skipCache`: neither reads nor writes the
   * cache.
   */
  resolve(name: string, skipCache = false): Promise<string[]> {
    if (skipCache) return this.lookUp(name).then(addressesOf);
    const known = this.entries.get(name);
    const since = performance.now();
    if (known !== undefined && known.until > since) return known.addresses;
    // Cached while it runs, so that all who need the name share one lookup.
    const lookup = this.lookUp(name);
    const entry = { until: Infinity, since, addresses: lookup.then(addressesOf) };
    lookup.then(
      (answers) => (entry.until = performance.now() + ttlMsOf(answers)),
      () => (entry.until = performance.now() + FAILURE_TTL_MS),
    );
    this.entries.set(name, entry);
    return entry.addresses;
  }

  /** The addresses after those of the cache were of no use: they may have changed within their TTL. */
  refresh(name: string): Promise<string[]> {
    const entry = this.entries.get(name);
    const isUnderWay = entry?.until === Infinity;
    if (entry !== undefined && !isUnderWay && entry.since < performance.now() - MIN_TTL_MS) entry.until = 0;
    return this.resolve(name);
  }

  /** Looks the name up again soon, since its addresses were of no use. */
  expire(name: string): void {
    const entry = this.entries.get(name);
    if (entry !== undefined) entry.until = Math.min(entry.until, performance.now() + FAILURE_TTL_MS);
  }

  /** Forgets all addresses and failures; the lookups under way help those that wait for them. */
  forget(): void {
    this.entries.clear();
  }

  /** Aborts all lookups. */
  close(): void {
    this.resolver.cancel();
  }

  private lookUp(name: string): Promise<DnsRecord[]> {
    return new Promise((resolve, reject) => {
      // RFC 6761: these never exist, so no name server is asked.
      if (name.endsWith('.invalid')) return reject(lookupFailure('ENOTFOUND', 'ENOTFOUND'));
      const found: DnsRecord[] = [];
      const failures: Record<4 | 6, FamilyFailure> = { 4: 'silent', 6: 'silent' };
      let pending = 2;
      const finish = (): void => {
        timer.clear();
        if (found.length > 0) resolve(found);
        else reject(lookupFailure(failures[4], failures[6]));
      };
      let timer = new StallAwareTimer(DEADLINE_MS, finish);
      const settle = (answers: DnsRecord[]): void => {
        found.push(...answers);
        pending -= 1;
        if (pending === 0) return finish();
        if (found.length === 0) return;
        timer.clear();
        timer = new StallAwareTimer(OTHER_FAMILY_MS, finish);
      };
      const fail = (family: 4 | 6) => (error: unknown) => {
        failures[family] = (error as NodeJS.ErrnoException).code ?? 'no code';
        settle([]);
      };
      this.resolver.resolve4(name, { ttl: true }).then(settle, fail(4));
      this.resolver.resolve6(name, { ttl: true }).then(settle, fail(6));
    });
  }
}

function addressesOf(answers: DnsRecord[]): string[] {
  return answers.map((answer) => answer.address);
}

function ttlMsOf(answers: DnsRecord[]): number {
  const seconds = Math.min(...answers.map((answer) => answer.ttl));
  return Math.min(Math.max(seconds * 1000, MIN_TTL_MS), MAX_TTL_MS);
}

function lookupFailure(four: FamilyFailure, six: FamilyFailure): AttemptFailure {
  return new AttemptFailure('dns_error', lookupErrorMessage(four, six));
}

/** The attempt's time is up before the lookup has ended. */
export function lookupTimeout(): AttemptFailure {
  return new AttemptFailure('timeout', lookupErrorMessage('silent', 'silent'));
}
