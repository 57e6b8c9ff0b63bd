import pg from 'pg';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const SUBSCRIPTIONS = 900;
const EVENTS = 4;

let database: pg.Client;
const { engine, tenant, receiver } = useStory();
beforeAll(async () => {
  database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  engine.beforeClose(() => database.end());
});

it('events for very many subscriptions that end at one moment are ended a few deliveries at a time', async () => {
  const { id } = await tenant.subscribe(receiver.url, { events: ['lead.create'] });
  await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
  await database.query(
    `INSERT INTO posthorn.subscriptions
     SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
     FROM posthorn.subscriptions s, generate_series(2, $1) n`,
    [SUBSCRIPTIONS],
  );
  await database.query(`UPDATE posthorn.spaces SET routing_version = routing_version + 1`);
  const expiresAt = new Date(Date.now() + 3_000).toISOString();
  for (let n = 0; n < EVENTS; n += 1) {
    const { deliveries } = await tenant.publish({ type: 'lead.create', data: {}, expiresAt });
    expect(deliveries).toBe(SUBSCRIPTIONS);
  }
  const ended = async () => {
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int FROM posthorn.deliveries WHERE status = 'expired' GROUP BY xmin::text`,
    );
    return rows.map(({ count }) => count);
  };
  await eventually(async () =>
    expect((await ended()).reduce((sum, count) => sum + count, 0)).toBe(EVENTS * SUBSCRIPTIONS),
  );
  expect(Math.max(...(await ended()))).toBeLessThanOrEqual(2_000);
  await eventually(async () => {
    const { rows } = await database.query('SELECT FROM posthorn.event_expiries WHERE NOT done');
    expect(rows).toEqual([]);
  });
});
