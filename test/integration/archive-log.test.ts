import { nextDay, recordFailure } from '../../src/archive/archive-log.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { createTestDatabase } from '../support/database.js';

const DAY = '2031-05-10';
const NOW = new Date('2031-05-20T00:00:00Z');

it.each([0, 5, 6, 1_024, 100_000])(
  'a day that failed %i times before waits an hour at most, and others come first',
  async (failures) => {
    const copy = await createTestDatabase();
    const source = createDataSource({ url: copy.url, entities: [] });
    await connect(source);
    const database = new Database(source);
    try {
      await ensurePartitions(database, Date.parse(DAY));
      if (failures > 0)
        await source.query(`INSERT INTO posthorn.archived_days (day, failures) VALUES ($1, $2)`, [
          DAY,
          failures,
        ]);
      await recordFailure(database.sql, DAY, NOW);
      const minutes = Math.min(2 ** failures, 60);
      expect(
        await source.query<object[]>(
          `SELECT failures, next_try_at FROM posthorn.archived_days WHERE day = $1`,
          [DAY],
        ),
      ).toEqual([{ failures: failures + 1, next_try_at: new Date(NOW.getTime() + minutes * 60_000) }]);
      expect(await nextDay(database.sql, DAY, NOW)).not.toBe(DAY);
    } finally {
      await source.destroy();
      await copy.drop();
    }
  },
);
