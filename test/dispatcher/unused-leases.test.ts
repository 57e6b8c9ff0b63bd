import type { Sql } from '../../src/database/sql.js';
import { UnusedLeases } from '../../src/dispatcher/lease/unused-leases.js';

it('searches for a lease less and less often, and no more once it has ended: the sweeper finds it then', async () => {
  let searches = 0;
  const sql = (() => {
    searches += 1;
    return Promise.resolve([]);
  }) as unknown as Sql;
  const unused = new UnusedLeases(10_000);
  unused.add(['delivery'], ['lease'], 0);
  for (let now = 0; now < 60_000; now += 100) await unused.release(sql, new Date(), now);
  // At 0, 1, 3, 7 and 15 s: the last one notices the end.
  expect(searches).toBe(5);
});
