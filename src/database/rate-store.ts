import { Injectable } from '@nestjs/common';
import { Batcher } from '../lib/batcher.js';
import type { WindowState } from '../lib/fixed-window.js';
import { Database } from './database.js';

/** A request for slots of one rate. No two requests for the same rate run at once. */
interface SlotRequest {
  key: string;
  count: number;
  perSecond: number;
}

// Each request gets the next free slots, so all processes together keep to the rate. Ordered by key against deadlocks.
const RESERVE_SLOTS = {
  name: 'rate_limits_take_slots',
  text: `
    INSERT INTO posthorn.rate_limits AS r (key, at)
    SELECT key, statement_timestamp() + make_interval(secs => count / rate)
    FROM unnest($1::text[], $2::float8[], $3::float8[]) AS a (key, count, rate) ORDER BY key
    ON CONFLICT (key) DO UPDATE
      SET at = greatest(r.at, statement_timestamp()) + (EXCLUDED.at - statement_timestamp())
    RETURNING key, extract(epoch FROM at - clock_timestamp())::float8 * 1000 AS "endsIn"`,
};

const COUNT_CALL = {
  name: 'rate_limits_take_call',
  text: `
    INSERT INTO posthorn.rate_limits AS r (key, at, used) VALUES ($1, $3, 1)
    ON CONFLICT (key) DO UPDATE SET
      at = CASE WHEN r.at <= $2 THEN EXCLUDED.at ELSE r.at END,
      used = CASE WHEN r.at <= $2 THEN 1 ELSE least(r.used, $4) + 1 END
    RETURNING at, used`,
};

const DELETE_EXPIRED = {
  name: 'rate_limits_forget',
  text: `DELETE FROM posthorn.rate_limits WHERE at < statement_timestamp() - interval '1 hour'`,
};
const DELETE_INTERVAL_MS = 600_000;

/** Rates and call windows shared by all processes. While the database is away every request fails. */
@Injectable()
export class RateStore {
  private readonly batcher = new Batcher<SlotRequest, number>((asked) => this.reserveAll(asked), {
    max: 500,
  });
  private deletedAt = performance.now();

  constructor(private readonly database: Database) {}

  /** Gives when the first of the slots is, monotonic milliseconds; the others follow at the rate. */
  async reserveSlots(key: string, count: number, perSecond: number): Promise<number> {
    const endsIn = await this.batcher.add({ key, count, perSecond });
    this.deleteExpired();
    return performance.now() + endsIn - (count / perSecond) * 1_000;
  }

  /** Counts a call at `now` in the window of this name. */
  async countCall(key: string, limit: number, windowMs: number, now: number): Promise<WindowState> {
    const values = [key, new Date(now), new Date(now + windowMs), limit];
    const [row] = await this.database.sql<{ at: Date; used: number }>(COUNT_CALL, values);
    if (!row) throw new Error('The call was not counted.');
    this.deleteExpired();
    const { at, used } = row;
    return {
      limit,
      remaining: Math.max(0, limit - used),
      resetAt: at.getTime(),
      allowed: used <= limit,
    };
  }

  private async reserveAll(requests: SlotRequest[]): Promise<number[]> {
    const rows = await this.database.sql<{ key: string; endsIn: number }>(RESERVE_SLOTS, [
      requests.map(({ key }) => key),
      requests.map(({ count }) => count),
      requests.map(({ perSecond }) => perSecond),
    ]);
    const byKey = new Map(rows.map(({ key, endsIn }) => [key, endsIn]));
    return requests.map(({ key }) => byKey.get(key) ?? 0);
  }

  /** In the background; what it leaves the next run deletes. */
  private deleteExpired(): void {
    if (performance.now() - this.deletedAt < DELETE_INTERVAL_MS) return;
    this.deletedAt = performance.now();
    this.database.sql(DELETE_EXPIRED).catch(() => undefined);
  }
}
