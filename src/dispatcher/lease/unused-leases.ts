import type { Sql } from '../../database/sql.js';
import { putBack } from '../../deliveries/lease-deliveries.js';
import type { DueDelivery } from '../../queue/deliver-job.js';

/** Beyond so many ids, the oldest ones wait until their leases end. */
const MAX_IDS = 20_000;
/** The first search comes at once. A statement that was sent before an outage may still commit after it. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 8_000;

interface UnusedLease {
  ids: string[];
  leases: string[];
  searchAt: number;
  delay: number;
  endsAt: number;
}

/**
 * Leases that this process may have in the database and will not use: their statement failed, perhaps after its commit.
 * Without a release, the deliveries wait for the leases' end. Times are monotonic milliseconds.
 */
export class UnusedLeases {
  private all: UnusedLease[] = [];
  private count = 0;

  /** `leaseMs`: how long a lease lasts; later the sweeper has found them. */
  constructor(private readonly leaseMs: number) {}

  add(ids: string[], leases: string[], now: number): void {
    if (ids.length === 0 || leases.length === 0) return;
    this.all.push({ ids, leases, searchAt: now, delay: FIRST_DELAY_MS, endsAt: now + this.leaseMs });
    this.count += ids.length;
    while (this.count > MAX_IDS && this.all.length > 1) this.count -= this.all.shift()?.ids.length ?? 0;
  }

  /**
   * Releases those that the database has; they are due at `at`, and returned. Searches again for the others, less and
   * less often. Throws while the database is away, and forgets nothing then.
   */
  async release(sql: Sql, at: Date, now: number): Promise<DueDelivery[]> {
    const searched = this.all.filter(({ searchAt }) => searchAt <= now);
    if (searched.length === 0) return [];
    const ids = searched.flatMap((one) => one.ids);
    const released = await putBack(
      sql,
      ids,
      searched.flatMap(({ leases }) => leases),
      at,
    );
    const found = new Set(released.map(({ id }) => id));
    for (const one of searched) {
      one.ids = one.ids.filter((id) => !found.has(id));
      one.searchAt = now + one.delay;
      one.delay = Math.min(one.delay * 2, MAX_DELAY_MS);
    }
    this.all = this.all.filter((one) => one.ids.length > 0 && one.endsAt > now);
    this.count = this.all.reduce((sum, one) => sum + one.ids.length, 0);
    return released;
  }
}
