import { Logger } from '@nestjs/common';
import pg from 'pg';
import { newUuid } from '../../src/core/ids.js';
import { AttemptFeed, type AttemptNotice } from '../../src/dispatcher/settle/attempt-feed.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const SPACES = 1_000;
const TIMES = 3;

const { engine } = useStory();

let database: pg.Client;
let spaces: string[];
beforeAll(async () => {
  database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  engine.beforeClose(() => database.end());
});
beforeEach(() => {
  spaces = Array.from({ length: SPACES }, () => newUuid(Date.now()));
});

/** One success for each space, all in one minute. */
function announceAll(endedAt: number): void {
  const feed = engine.workers[0]?.get(AttemptFeed);
  for (const spaceId of spaces) {
    feed?.announce({
      ...{ spaceId, eventId: newUuid(endedAt), status: 'succeeded', trigger: 'event' },
      endedAt,
      pausedMs: 0,
      certificateUntil: null,
    } as Partial<AttemptNotice> as AttemptNotice);
  }
}

async function written(): Promise<{ succeeded: number; transactions: number }> {
  const { rows } = await database.query<{ succeeded: number; transactions: number }>(
    `SELECT coalesce(sum(succeeded), 0)::int AS succeeded, count(DISTINCT xmin::text)::int AS transactions
     FROM posthorn.outcomes WHERE step = 60 AND space_id = ANY ($1)`,
    [spaces],
  );
  return rows[0] as { succeeded: number; transactions: number };
}

it('counts of very many busy spaces are all written, a part of them at a time', async () => {
  const now = Date.now();
  for (let n = 0; n < TIMES; n += 1) announceAll(now);
  await eventually(
    async () => {
      const { succeeded, transactions } = await written();
      expect(transactions).toBeLessThanOrEqual(SPACES / 200);
      return succeeded === SPACES * TIMES && transactions === SPACES / 200;
    },
    { timeoutMs: 60_000 },
  );
});

it('counts that could not be written are kept, with those of the same minute, and tried once a second', async () => {
  const failures: number[] = [];
  const ignore = () => undefined;
  const warn = ({ msg }: { msg: string }) => {
    if (msg === 'outcomes.write_failed') failures.push(performance.now());
  };
  Logger.overrideLogger({ log: ignore, error: ignore, warn });
  const now = Date.now();
  try {
    await database.query('ALTER TABLE posthorn.outcomes RENAME TO outcomes_elsewhere');
    announceAll(now);
    await eventually(() => failures.length === 1);
    announceAll(now);
    await eventually(() => failures.length === 3);
  } finally {
    Logger.overrideLogger(false);
    await database.query('ALTER TABLE posthorn.outcomes_elsewhere RENAME TO outcomes');
  }
  const [first = 0, , third = 0] = failures;
  expect(third - first).toBeGreaterThan(1_500);
  await eventually(async () => expect((await written()).succeeded).toBe(2 * SPACES), { timeoutMs: 60_000 });
});
