import { newUuid } from '../../src/core/ids.js';
import { endRestOfWait, endWait } from '../../src/deliveries/end-wait.js';
import { HOOK_URL, SubscriptionsTestApp } from '../support/subscriptions-app.js';

const DAY_MS = 86_400_000;
/** More than two slices. */
const MANY = 2_500;

const INSERT = `
  INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts,
    next_attempt_at, planned_at)
  SELECT gen_random_uuid(), $1, $2, 'lead.create', $3, 'pending', 'event', 6, $4, $5::timestamptz + n * interval '1 second'
  FROM generate_series(1, ${MANY}) n`;
const COUNT = `
  SELECT count(*) FILTER (WHERE planned_at IS NOT NULL)::int AS waiting,
    count(*) FILTER (WHERE planned_at IS NULL AND next_attempt_at < $2)::int AS woken
  FROM posthorn.deliveries WHERE subscription_id = $1`;
const SLICES = `SELECT count(*)::int AS rows FROM posthorn.deliveries WHERE subscription_id = $1 GROUP BY xmin::text ORDER BY 1`;

describe('the end of a wait for which many deliveries wait', () => {
  let app: SubscriptionsTestApp;

  beforeAll(async () => {
    app = await SubscriptionsTestApp.start();
  });
  afterAll(() => app.close());

  const until = () => new Date(app.clock.now() + DAY_MS);
  const setWait = (id: string, end: Date | null) =>
    app.rows('UPDATE posthorn.subscriptions SET waits_until = $2, waits_since = $2 WHERE id = $1', [id, end]);
  const slicesOf = async (id: string) =>
    (await app.rows<{ rows: number }>(SLICES, [id])).map(({ rows }) => rows);

  /** A subscription for whose endpoint many deliveries wait until tomorrow; planned for now and the next hour. */
  async function waiting() {
    const made = await app.newSubscription();
    await setWait(made.id, until());
    await app.rows(INSERT, [made.space.id, newUuid(app.clock.now()), made.id, until(), app.clock.date()]);
    const count = async () => (await app.rows(COUNT, [made.id, until()]))[0];
    expect(await count()).toEqual({ waiting: MANY, woken: 0 });
    return { ...made, count };
  }

  it.each([
    ['a person wakes it', 'POST', '/wake', {}],
    ['it is resumed', 'POST', '/resume', {}],
    ['its URL changes', 'PATCH', '', { url: `${HOOK_URL}/new` }],
  ])('wakes all of them in slices of 1,000 when %s', async (_, method, path, body) => {
    const { id, path: at, count } = await waiting();
    expect((await app.call(method, at + path, body)).status).toBe(200);
    expect(await count()).toEqual({ waiting: 0, woken: MANY });
    expect(await slicesOf(id)).toEqual([500, 1_000, 1_000]);
  });

  it('stops where the endpoint asks to wait anew between two slices', async () => {
    const { id, count } = await waiting();
    const now = app.clock.date();
    await setWait(id, null);
    const { due, rest } = await app.database.transaction((sql) => endWait(sql, id, now, until()));
    expect(due).toHaveLength(1_000);
    expect(rest).not.toBeNull();
    await setWait(id, new Date(app.clock.now() + 2 * DAY_MS));
    if (rest) await endRestOfWait(app.database, rest);
    expect(await count()).toEqual({ waiting: MANY - 1_000, woken: 1_000 });
  });
});
