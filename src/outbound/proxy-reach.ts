/** So many different hosts do not all fail by chance. */
const MIN_HOSTS = 3;
/** So long the proxy is held responsible, milliseconds: in the end it may be the hosts. */
const DOUBT_MS = 300_000;

/**
 * Whether the egress proxy has a way out. Until it has reached an endpoint for the first time, several that it reports
 * as unreachable show that it has none. Later it is believed.
 */
export class ProxyReach {
  private hasReached = false;
  private failedSince: number | null = null;
  /** At most `MIN_HOSTS`. */
  private readonly failed = new Set<string>();

  /** Whether the proxy has failed, and may turn out to have no way out. */
  isInDoubt(now = performance.now()): boolean {
    return !this.hasReached && this.failedSince !== null && now - this.failedSince < DOUBT_MS;
  }

  /** Whether it reaches nobody. */
  isNone(now = performance.now()): boolean {
    return this.failed.size >= MIN_HOSTS && this.isInDoubt(now);
  }

  /** Whether it still reaches nobody, but has been held responsible for long enough. */
  isNoLongerBlamed(now = performance.now()): boolean {
    return this.failed.size >= MIN_HOSTS && !this.hasReached && !this.isInDoubt(now);
  }

  reached(): void {
    this.hasReached = true;
  }

  notReached(hostname: string, now = performance.now()): void {
    this.failedSince ??= now;
    if (this.failed.size < MIN_HOSTS) this.failed.add(hostname);
  }
}
