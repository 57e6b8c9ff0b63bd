import pg from 'pg';
import { newUuid } from '../../src/core/ids.js';
import { AttemptFeed, type AttemptNotice } from '../../src/dispatcher/settle/attempt-feed.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const SPACES = 1_000;
const TIMES = 3;

const { engine } = useStory();

it('counts of very many busy spaces are all written, a part of them at a time', async () => {
  const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  engine.beforeClose(() => database.end());
  const feed = engine.workers[0]?.get(AttemptFeed);
  const now = Date.now();
  const spaces = Array.from({ length: SPACES }, () => newUuid(now));
  const attempt = (spaceId: string) =>
    ({
      ...{ spaceId, eventId: newUuid(now), status: 'succeeded', trigger: 'event' },
      endedAt: now,
      pausedMs: 0,
      certificateUntil: null,
    }) as Partial<AttemptNotice> as AttemptNotice;
  for (let n = 0; n < TIMES; n += 1) for (const space of spaces) feed?.announce(attempt(space));
  await eventually(
    async () => {
      const { rows } = await database.query<{ succeeded: number; transactions: number }>(
        `SELECT sum(succeeded)::int AS succeeded, count(DISTINCT xmin::text)::int AS transactions
         FROM posthorn.outcomes WHERE step = 60 AND space_id = ANY ($1)`,
        [spaces],
      );
      expect(rows[0]?.transactions).toBeLessThanOrEqual(SPACES / 200);
      return rows[0]?.succeeded === SPACES * TIMES && rows[0].transactions === SPACES / 200;
    },
    { timeoutMs: 60_000 },
  );
});
