import { randomInt } from 'node:crypto';
import type { Sql } from './sql.js';

/** Longer than two usual scrape intervals: a process that is scraped once a minute keeps it. */
const LEASE_SECONDS = 130;
const MAX_INTEGER = 2_147_483_647;

// In the unlogged table of rates: nothing is lost with it. `used` is the holder. It needs no session, so that it
// works through a connection pooler.
const HOLD = {
  name: 'fleet_lease_hold',
  text: `
    INSERT INTO posthorn.rate_limits AS r (key, at, used)
    VALUES ($2, statement_timestamp() + interval '${LEASE_SECONDS} seconds', $1)
    ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at, used = EXCLUDED.used
    WHERE r.used = EXCLUDED.used OR r.at <= statement_timestamp()
    RETURNING 1`,
};

const LEAVE = {
  name: 'fleet_lease_leave',
  text: `DELETE FROM posthorn.rate_limits WHERE key = $2 AND used = $1`,
};

/** Which process does something for the whole fleet: the first that asks, for as long as it goes on asking. */
export class FleetLease {
  private readonly holder = randomInt(1, MAX_INTEGER);
  private readonly key: string;

  /** `name` says what it is for. */
  constructor(name: string) {
    this.key = `${name}:fleet`;
  }

  /** Whether it is this process's, from now on for two minutes. */
  async hold(sql: Sql): Promise<boolean> {
    return (await sql(HOLD, [this.holder, this.key])).length > 0;
  }

  /** Lets another process have it at once. */
  async leave(sql: Sql): Promise<void> {
    await sql(LEAVE, [this.holder, this.key]);
  }
}
