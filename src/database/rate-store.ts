import { Injectable } from '@nestjs/common';
import { Batcher } from '../lib/batcher.js';
import { Database } from './database.js';

/** Slots of one rate that somebody asks for. Nobody asks twice for one at the same time. */
interface SlotRequest {
  key: string;
  count: number;
  perSecond: number;
}

/** What is left of a caller's requests. */
export interface WindowState {
  limit: number;
  remaining: number;
  /** When the window ends, milliseconds. */
  resetAt: number;
  allowed: boolean;
}

// Whoever asks gets the next slots, from now on or after the last that were given out: so all processes together keep to the
// rate. In the order of keys, so that two who ask for the same ones cannot deadlock.
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

/** Rates and windows that several processes keep to together. Where the database is away nobody gets anything. */
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

  /** Nobody waits for this, and what it leaves the next one takes. */
  private deleteExpired(): void {
    if (performance.now() - this.deletedAt < DELETE_INTERVAL_MS) return;
    this.deletedAt = performance.now();
    this.database.sql(DELETE_EXPIRED).catch(() => undefined);
  }
}
