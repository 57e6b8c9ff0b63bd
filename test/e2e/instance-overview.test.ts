/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import { Database } from '../../src/database/database.js';
import { eventually, staysSo } from '../support/condition.js';
import { useStory } from '../support/story.js';

const { engine } = useStory({ workers: 0 });

it('all spaces are counted once at a time, however long that takes and however many look', async () => {
  const { source, sql } = (engine.apis[0] as (typeof engine.apis)[0]).get(Database);
  const counting = async () => {
    const text = `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%posthorn.spaces ORDER BY id DESC'`;
    return (await sql<{ count: number }>({ name: '', text }))[0]?.count;
  };
  const lock = source.createQueryRunner();
  await lock.startTransaction();
  const real = performance.now.bind(performance);
  const now = jest.spyOn(performance, 'now');
  try {
    await lock.query('LOCK TABLE posthorn.spaces IN ACCESS EXCLUSIVE MODE');
    const first = engine.call('GET', '/v1/overview');
    await eventually(async () => expect(await counting()).toBe(1));
    now.mockImplementation(() => real() + 4_000);
    const second = engine.call('GET', '/v1/overview');
    await staysSo(async () => expect(await counting()).toBe(1), {
      forMs: 300,
      because: 'a second count would begin with the second request',
    });
    now.mockRestore();
    await lock.rollbackTransaction();
    const answers = await Promise.all([first, second]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  } finally {
    now.mockRestore();
    if (lock.isTransactionActive) await lock.rollbackTransaction();
    await lock.release();
  }
});
