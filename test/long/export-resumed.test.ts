import pg from 'pg';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const { engine, tenant, receiver } = useStory({ answer: () => ({ status: 500 }) });

interface Row {
  n: number;
  deliveryId: string;
  cursor: string;
  end?: true;
}

const FIND = `FROM posthorn.deliveries WHERE id = $2 AND space_id = $1`;
const CANCEL = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
  WHERE wait_event_type = 'Lock' AND datname = current_database() AND strpos(query, $1) > 0`;

it('attempts that the database did not give just now are not left out of an export that goes on', async () => {
  await tenant.subscribe(receiver.url, { retrySchedule: [0], pauseAfter: null });
  await tenant.publish({ type: 'lead.create', data: {} });
  await eventually(async () => {
    expect((await tenant.deliveries()).map(({ status }) => status)).toEqual(['failed']);
  });
  const exported = async (query: string) => {
    const { status, body } = await engine.call<string>('GET', tenant.path(`/exports/attempts${query}`));
    const lines = body.trimEnd().split('\n');
    return { status, rows: status === 200 ? lines.map((line) => JSON.parse(line) as Row) : [] };
  };
  const [first] = (await exported('')).rows;
  const rest = `?after=${first?.cursor}`;

  // A transaction sees the activity of its begin.
  const clients = [1, 2].map(() => new pg.Client({ connectionString: engine.settings.databaseUrl }));
  const [holder, watcher] = clients as [pg.Client, pg.Client];
  try {
    for (const client of clients) await client.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE posthorn.deliveries IN ACCESS EXCLUSIVE MODE');
    const answer = exported(rest);
    await eventually(async () => {
      expect((await watcher.query(CANCEL, [FIND])).rowCount).toBe(1);
    });
    await holder.query('ROLLBACK');
    expect((await answer).status).toBeGreaterThanOrEqual(500);
  } finally {
    for (const client of clients) await client.end();
  }
  expect((await exported(rest)).rows.map(({ n, end }) => end ?? n)).toEqual([2, true]);
});
