import { randomInt } from 'node:crypto';
import type { Sql } from './sql.js';

const KEY = 'metrics:fleet';
/** Longer than two usual scrape intervals: whoever is scraped once a minute keeps it. */
const LEASE_SECONDS = 130;
const MAX_INTEGER = 2_147_483_647;

// In the unlogged table of rates: nothing is lost with it. `used` is the holder. It needs no session, so that it
// works through a connection pooler.
const HOLD = {
  name: 'fleet_metrics_hold',
  text: `
    INSERT INTO posthorn.rate_limits AS r (key, at, used)
    VALUES ('${KEY}', statement_timestamp() + interval '${LEASE_SECONDS} seconds', $1)
    ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at, used = EXCLUDED.used
    WHERE r.used = EXCLUDED.used OR r.at <= statement_timestamp()
    RETURNING 1`,
};

const LEAVE = {
  name: 'fleet_metrics_leave',
  text: `DELETE FROM posthorn.rate_limits WHERE key = '${KEY}' AND used = $1`,
};

/** Which process shows the metrics of the whole fleet: the first that is scraped, for as long as it is. */
export class FleetLease {
  private readonly holder = randomInt(1, MAX_INTEGER);

  /** Whether it is this process's, from now on for two minutes. */
  async hold(sql: Sql): Promise<boolean> {
    return (await sql(HOLD, [this.holder])).length > 0;
  }

  /** Lets another process have it at once. */
  async leave(sql: Sql): Promise<void> {
    await sql(LEAVE, [this.holder]);
  }
}
