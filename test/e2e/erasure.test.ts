import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database } from '../../src/database/database.js';
import { eventually, staysSo } from '../support/condition.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

interface Removed {
  reason: string;
  afterDays: number | null;
  message: string;
}
interface Erasure {
  id: string;
  status: string;
  requestedBy: string;
  criteria: { all: boolean; events: string[] | null; subjectSha256: string | null };
  counts: Record<string, number>;
  verification: { checked: number; complete: boolean; remaining: Record<string, number> } | null;
  stopped: string | null;
  finishedAt: string | null;
}
interface Event {
  id: string;
  uid: string | null;
  subjectId: string | null;
  scope: object;
  data: object | null;
  removed?: Removed;
}
interface Attempt {
  statusCode: number;
  request: { headers: string[][]; body: string | null; removed?: Removed };
  response: { headers: string[][]; body: string | null; removed?: Removed } | null;
}

/** In data, headers and answers, so that one search finds what an erasure has left. Another one in each test. */
let secret = '';
const about = (subjectId: string, more: object = {}) => ({
  type: 'lead.create',
  data: { email: secret },
  subjectId,
  ...more,
});

describe('an erasure', () => {
  let answer: () => Promise<object> | object;
  const { engine, tenant, receiver } = useStory({
    settings: { testReceiver: true },
    answer: () => answer(),
  });
  beforeEach(() => {
    secret = `jane.${randomBytes(6).toString('hex')}@example.com`;
    answer = () => ({ status: 200, body: `thanks, ${secret}`, headers: { 'x-echo': secret } });
  });

  const erase = async (input: object): Promise<Erasure> => {
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), input);
    return finished(id);
  };
  const finished = async (id: string): Promise<Erasure> => {
    let erasure!: Erasure;
    await eventually(async () => {
      erasure = await engine.ok<Erasure>('GET', tenant.path(`/erasures/${id}`));
      expect(erasure.finishedAt).not.toBeNull();
    });
    return erasure;
  };
  const event = (id: string) => engine.ok<Event>('GET', tenant.path(`/events/${id}`));
  const attempt = (delivery: string) =>
    engine.ok<Attempt>('GET', tenant.path(`/deliveries/${delivery}/attempts/1`));
  const succeeded = (count = 1) =>
    eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(count));

  /** Every row of every table that holds the text. */
  const found = async (text: string): Promise<string[]> => {
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('posthorn', 'bullmq')`,
      );
      const hits: string[] = [];
      for (const { name } of tables.rows) {
        const { rowCount } = await client.query(
          `SELECT FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`,
          [`%${text}%`, `%${Buffer.from(text).toString('hex')}%`],
        );
        if (rowCount) hits.push(name);
      }
      return hits;
    } finally {
      await client.end();
    }
  };

  it('removes what events about a person carried, and the facts stay', async () => {
    await tenant.subscribe(receiver.url);
    const erased = await tenant.publish(
      about(secret, { id: `order of ${secret}`, scope: { leadId: secret } }),
    );
    const other = await tenant.publish(about('somebody else', { data: { email: 'other@example.com' } }));
    await succeeded(2);
    const [delivery] = await tenant.deliveries(`?event=${erased.id}`);
    const before = await attempt(delivery?.id ?? '');
    expect(before.request.body).toContain(secret);
    expect(before.response?.body).toContain(secret);
    expect(await found(secret)).not.toEqual([]);
    answer = () => ({ status: 200 });

    const erasure = await erase({ subjectId: secret });
    expect(erasure).toMatchObject({
      status: 'completed',
      requestedBy: 'admin',
      criteria: {
        all: false,
        events: null,
        subjectSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
      counts: { events: 1, deliveries: 1, attempts: 1, cancelled: 0, eventKeys: 1 },
      verification: {
        checked: 1,
        complete: true,
        remaining: { events: 0, deliveries: 0, attempts: 0, testRequests: 0 },
      },
    });
    const gone = await event(erased.id);
    expect(gone).toMatchObject({ uid: null, subjectId: null, scope: {}, data: null });
    expect(gone.removed).toEqual({ reason: 'erased', afterDays: null, message: 'Erased on request.' });
    const after = await attempt(delivery?.id ?? '');
    expect(after).toMatchObject({
      statusCode: 200,
      request: { headers: [], body: null, removed: { reason: 'erased' } },
      response: { headers: [], body: null, removed: { reason: 'erased' } },
    });
    expect(await tenant.deliveries(`?event=${erased.id}`)).toMatchObject([
      { status: 'succeeded', attemptCount: 1, lastStatusCode: 200, erasedAt: expect.any(String) as string },
    ]);
    expect((await event(other.id)).data).toEqual({ email: 'other@example.com' });
    // The answers of the other's endpoint have it, too.
    const [kept] = await tenant.deliveries(`?event=${other.id}`);
    expect((await attempt(kept?.id ?? '')).response?.body).toContain(secret);
    await erase({ subjectId: 'somebody else' });
    expect(await found(secret)).toEqual([]);
  });

  it('finds its record again by its subject', async () => {
    await tenant.publish(about('jane'));
    const { id } = await erase({ subjectId: 'jane' });
    await erase({ subjectId: 'john' });
    const page = await engine.ok<{ data: Erasure[] }>('GET', tenant.path('/erasures?subjectId=jane'));
    expect(page.data.map((one) => one.id)).toEqual([id]);
    expect(await engine.ok('GET', tenant.path(`/jobs/${id}`))).toMatchObject({
      kind: 'erase',
      total: 1,
      done: 1,
    });
    expect(JSON.stringify(page)).not.toContain('jane');
  });

  it('by the lead of the scope, where there is no subject', async () => {
    const { id } = await tenant.publish({
      type: 'lead.create',
      data: { email: secret },
      scope: { leadId: 'lead-1' },
    });
    expect((await event(id)).subjectId).toBe('lead-1');
    expect(await erase({ subjectId: 'lead-1' })).toMatchObject({ counts: { events: 1 } });
    expect((await event(id)).data).toBeNull();
  });

  it.each([
    ['events', async (ids: string[]) => Promise.resolve({ events: [ids[1]] })],
    ['a publisher’s id', async () => Promise.resolve({ events: ['second'] })],
    [
      'a time range',
      async (ids: string[]) => {
        const { createdAt } = await engine.ok<{ createdAt: string }>('GET', tenant.path(`/events/${ids[1]}`));
        return { since: createdAt, until: new Date(Date.parse(createdAt) + 1).toISOString() };
      },
    ],
    ['a combination', async (ids: string[]) => Promise.resolve({ events: ids, subjectId: 'jane' })],
  ])('by %s, and nothing else', async (_name, inputOf) => {
    const ids: string[] = [];
    for (const [id, subject] of [
      ['first', 'john'],
      ['second', 'jane'],
      ['third', 'john'],
    ] as const) {
      ids.push((await tenant.publish(about(subject, { id }))).id);
      // Another millisecond, by which ids are told apart.
      const at = Date.now();
      await eventually(() => Date.now() > at + 2);
    }
    const erasure = await erase(await inputOf(ids));
    expect(erasure).toMatchObject({
      status: 'completed',
      counts: { events: 1 },
      verification: { complete: true },
    });
    const data = await Promise.all(ids.map(async (id) => (await event(id)).data));
    expect(data).toEqual([{ email: secret }, null, { email: secret }]);
  });

  it('of a whole space, and with everything that test receivers got', async () => {
    const { url } = await engine.ok<{ url: string; id: string }>('POST', tenant.path('/test-receivers'), {});
    await fetch(url.replace(/^https?:\/\/[^/]+/, engine.url), { method: 'POST', body: secret });
    await tenant.subscribe(receiver.url);
    for (let n = 0; n < 3; n += 1) await tenant.publish(about(`s${n}`));
    await succeeded(3);
    const erasure = await erase({ all: true });
    expect(erasure).toMatchObject({
      criteria: { all: true },
      counts: { events: 3, deliveries: 3, attempts: 3, testRequests: 1 },
      verification: { checked: 3, complete: true },
    });
    expect(await found(secret)).toEqual([]);
  });

  it('with its rows, which leaves no facts either', async () => {
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.publish(about('jane'));
    await succeeded();
    const erasure = await erase({ subjectId: 'jane', mode: 'rows' });
    expect(erasure).toMatchObject({
      counts: { events: 1, deliveries: 1, attempts: 1 },
      verification: { complete: true },
    });
    expect((await engine.call('GET', tenant.path(`/events/${id}`))).status).toBe(404);
    expect(await tenant.deliveries()).toEqual([]);
  });

  it('only counts in a dry run', async () => {
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.publish(about('jane'));
    await succeeded();
    const erasure = await erase({ subjectId: 'jane', dryRun: true });
    expect(erasure).toMatchObject({
      status: 'completed',
      counts: { events: 1, deliveries: 1, attempts: 1 },
      verification: null,
    });
    expect((await event(id)).data).toEqual({ email: secret });
  });

  it('cancels what is held, and a resume sends nothing of it', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await tenant.publish(about('jane'));
    const kept = await tenant.publish(about('john'));
    expect(await erase({ subjectId: 'jane' })).toMatchObject({ counts: { cancelled: 1 } });
    expect(await tenant.deliveries('?status=cancelled')).toMatchObject([{ cancelReason: 'erased' }]);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await succeeded();
    expect(receiver.requests).toHaveLength(1);
    expect((await tenant.deliveries('?status=succeeded'))[0]?.eventId).toBe(kept.id);
  });

  it('is not undone by a retry, a bulk retry or a replay', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.publish(about('jane'));
    await succeeded();
    await erase({ subjectId: 'jane' });
    const [delivery] = await tenant.deliveries();
    const { status, body } = await engine.call<Problem>(
      'POST',
      tenant.path(`/deliveries/${delivery?.id}/retry`),
    );
    expect([status, body.code]).toEqual([409, 'event_erased']);
    expect(body.detail).toBe(
      'Erased on request. There is nothing left to send. Publish the event again if you need it.',
    );
    const replay = { since: '2020-01-01T00:00:00Z', statuses: ['succeeded'] };
    const jobs = [
      await engine.ok<{ id: string }>('POST', tenant.path(`/subscriptions/${id}/replay`), replay),
      await engine.ok<{ id: string }>('POST', tenant.path('/deliveries/retry'), { status: 'succeeded' }),
    ];
    for (const [index, job] of jobs.entries()) {
      await eventually(async () => {
        const now = await engine.ok<{ finishedAt: string | null; skipped: number; total: number }>(
          'GET',
          tenant.path(`/jobs/${job.id}`),
        );
        expect(now.finishedAt).not.toBeNull();
        if (index === 0) expect(now).toMatchObject({ total: 0, skipped: 1 });
      });
    }
    expect(receiver.requests).toHaveLength(1);
    expect(await tenant.deliveries()).toMatchObject([{ status: 'succeeded' }]);
  });

  it.each(['content', 'rows'])('keeps the publisher’s id reserved: %s', async (mode) => {
    await tenant.subscribe(receiver.url);
    const first = await tenant.publish(about('jane', { id: 'mine' }));
    await succeeded();
    await erase({ subjectId: 'jane', mode });
    const again = await tenant.publish(about('jane', { id: 'mine' }));
    expect(again).toMatchObject({ id: first.id, duplicate: true, deliveries: 1 });
    const other = await tenant.send<Problem>(about('jane', { id: 'mine', data: {} }));
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
    const page = await engine.ok<{ data: Event[] }>('GET', tenant.path('/events?subjectId=jane'));
    expect(page.data).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('a request that is under way is recorded without what it sent and got, and the erasure waits for it', async () => {
    let release!: () => void;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    answer = async () => {
      await waiting;
      return { status: 200, body: secret, headers: { 'x-echo': secret } };
    };
    await tenant.subscribe(receiver.url);
    await tenant.publish(about('jane'));
    await eventually(() => expect(receiver.requests).toHaveLength(1));
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId: 'jane' });
    await eventually(async () => expect(await tenant.deliveries('?status=cancelled')).toHaveLength(1));
    const isOpen = async () =>
      (await engine.ok<Erasure>('GET', tenant.path(`/erasures/${id}`))).finishedAt === null;
    await staysSo(isOpen, { forMs: 300, because: 'its walks take 50 ms' });
    release();
    expect(await finished(id)).toMatchObject({ status: 'completed', verification: { complete: true } });
    const [delivery] = await tenant.deliveries();
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(await attempt(delivery?.id ?? '')).toMatchObject({
      statusCode: 200,
      request: { headers: [], body: null, removed: { reason: 'erased' } },
      response: { body: null, removed: { reason: 'erased' } },
    });
    expect(await found(secret)).toEqual([]);
  });

  it('waits for a broadcast about the person that has not come to the space yet', async () => {
    await engine.stopWorkers();
    await tenant.subscribe(receiver.url);
    await engine.ok('PATCH', tenant.path(''), { tags: ['jane'] });
    const start = (of: object) =>
      engine.ok<{ id: string }>('POST', '/v1/broadcasts', { event: of, tag: 'jane' });
    const broadcast = await start(about('jane'));
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    try {
      // A worker that has its row is slow.
      await client.query('BEGIN');
      await client.query('SELECT FROM posthorn.broadcasts WHERE finished_at IS NULL FOR UPDATE');
      const begun = async (subjectId: string) =>
        (await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId })).id;
      const jane = await begun('jane');
      const john = await begun('john');
      await engine.startWorker();
      // Nobody waits for a broadcast about somebody else.
      await finished(john);
      // Walking meanwhile would be for nothing: the event is still to come.
      const isPending = async () =>
        (await engine.ok<Erasure>('GET', tenant.path(`/erasures/${jane}`))).status === 'pending';
      await staysSo(isPending, { forMs: 300, because: 'its three walks take 50 ms' });
      await client.query('COMMIT');
      const erasure = await finished(jane);
      expect(erasure).toMatchObject({ status: 'completed', counts: { events: 1 } });
      const done = await engine.ok('GET', `/v1/broadcasts/${broadcast.id}`);
      expect(done).toMatchObject({ status: 'completed', published: 1 });
      const page = await engine.ok<{ data: Event[] }>('GET', tenant.path('/events'));
      expect(page.data).toHaveLength(1);
      expect(await event(page.data[0]?.id ?? '')).toMatchObject({ subjectId: null, data: null });
      expect(await found(secret)).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('waits for a broadcast that began while it walked', async () => {
    await engine.stopWorkers();
    await engine.ok('PATCH', tenant.path(''), { tags: ['late'] });
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId: 'jane' });
    await engine.ok('POST', '/v1/broadcasts', { event: about('jane'), tag: 'late' });
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    try {
      // The erasure is at its last walk, past its look at broadcasts, and a worker that has the broadcast is slow.
      const last = await client.query(
        `UPDATE posthorn.jobs SET counted = true, request = jsonb_set(request::jsonb, '{walk}', '"verify"')
         WHERE finished_at IS NULL AND kind = 'erase'`,
      );
      expect(last.rowCount).toBe(1);
      await client.query('BEGIN');
      await client.query('SELECT FROM posthorn.broadcasts WHERE finished_at IS NULL FOR UPDATE');
      await engine.startWorker();
      const isOpen = async () =>
        (await engine.ok<Erasure>('GET', tenant.path(`/erasures/${id}`))).finishedAt === null;
      await staysSo(isOpen, { forMs: 300, because: 'its walk takes 50 ms' });
      await client.query('COMMIT');
      await finished(id);
      expect(await found(secret)).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('goes on where it stopped, in another process', async () => {
    const events = Array.from({ length: 250 }, (_none, n) => about('jane', { id: `jane ${n}` }));
    await tenant.send(events);
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId: 'jane' });
    const read = () => engine.ok<Erasure>('GET', tenant.path(`/erasures/${id}`));
    await eventually(async () => expect((await read()).counts.events).toBeGreaterThan(0));
    await engine.stopWorkers();
    const stopped = await read();
    expect(stopped.finishedAt).toBeNull();
    await engine.startWorker();
    expect(await finished(id)).toMatchObject({
      counts: { events: 250, eventKeys: 250 },
      verification: { checked: 250, complete: true },
    });
    expect(await found('jane ')).toEqual([]);
  });

  it('is cancelled as a whole or not at all', async () => {
    await engine.stopWorkers();
    const { sql } = (engine.apis[0] as (typeof engine.apis)[0]).get(Database);
    const query = (text: string) => sql({ name: '', text });
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId: secret });
    const cancel = () => engine.call<Erasure>('POST', tenant.path(`/erasures/${id}/cancel`));
    await query(`CREATE FUNCTION posthorn.refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'refused'; END $$`);
    try {
      await query(`CREATE TRIGGER refuse BEFORE UPDATE ON posthorn.erasures
        FOR EACH ROW EXECUTE FUNCTION posthorn.refuse()`);
      expect((await cancel()).status).toBe(500);
      const job = await engine.ok('GET', tenant.path(`/jobs/${id}`));
      expect(job).toMatchObject({ status: 'pending', finishedAt: null });
    } finally {
      await query('DROP FUNCTION posthorn.refuse CASCADE');
    }
    expect((await cancel()).body).toMatchObject({ status: 'cancelled' });
    await engine.startWorker();
  });

  it('can be cancelled, and keeps nothing personal then', async () => {
    await engine.stopWorkers();
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId: secret });
    // That route is open to those who may not erase, such as a customer with a portal link.
    const job = await engine.call<Problem>('POST', tenant.path(`/jobs/${id}/cancel`));
    expect([job.status, job.body.code]).toEqual([409, 'job_is_erasure']);
    expect(await engine.ok('POST', tenant.path(`/erasures/${id}/cancel`))).toMatchObject({
      status: 'cancelled',
    });
    expect((await engine.call('POST', tenant.path(`/erasures/${id}/cancel`))).status).toBe(409);
    expect(await found(secret)).toEqual([]);
    await engine.startWorker();
  });

  it.each([
    [{}, 'no_condition'],
    [{ all: true, subjectId: 'jane' }, 'not_allowed'],
    [{ events: ['nobody'] }, 'unknown_event'],
    [{ subjectId: '' }, 'is_length'],
    [{ subjectId: 'x'.repeat(256) }, 'is_length'],
    [{ all: true, mode: 'some' }, 'is_in'],
  ])('%j is refused', async (input, code) => {
    const { status, body } = await engine.call<Problem>('POST', tenant.path('/erasures'), input);
    expect([status, body.errors?.[0]?.code]).toEqual([422, code]);
  });

  it('needs the right to manage, and a key', async () => {
    const call = async (scope: 'read' | 'publish' | 'manage') =>
      engine.call<Erasure>(
        'POST',
        tenant.path('/erasures'),
        { subjectId: 'x' },
        { key: await tenant.key(scope) },
      );
    expect((await call('publish')).status).toBe(403);
    expect((await call('read')).status).toBe(403);
    const { status, body } = await call('manage');
    expect([status, body.requestedBy]).toEqual([202, expect.stringMatching(/^key_[0-9a-f]{32}$/)]);
  });
});
