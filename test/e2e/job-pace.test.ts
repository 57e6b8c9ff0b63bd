import pg from 'pg';
import { eventually, staysSo } from '../support/condition.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

interface Job {
  id: string;
  kind: string;
  status: string;
  total: number | null;
  done: number;
  perSecond: number | null;
  pausedAt: string | null;
  subscriptionId: string | null;
  finishedAt: string | null;
}

const LONG_AGO = '2020-01-01T00:00:00.000Z';
const { engine, tenant, receiver } = useStory();

const read = (job: Job) => engine.ok<Job>('GET', tenant.path(`/jobs/${job.id}`));
const change = (job: Job, body: object) => engine.ok<Job>('PATCH', tenant.path(`/jobs/${job.id}`), body);
const replay = (body: object, sub = 'sub') =>
  engine.ok<Job>('POST', tenant.path(`/subscriptions/${sub}/replay`), { since: LONG_AGO, ...body });

async function finished(job: Job): Promise<Job> {
  return eventually(async () => {
    const now = await read(job);
    return now.finishedAt !== null && now;
  });
}

async function publish(count: number): Promise<void> {
  const events = Array.from({ length: count }, (_none, id) => ({ type: 'lead.create', data: { id } }));
  expect((await tenant.send(events)).status).toBe(202);
}

async function hold(count: number): Promise<void> {
  await engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
  await publish(count);
  await eventually(async () => expect(await tenant.deliveries('?status=held&limit=250')).toHaveLength(count));
}

/** A drain that fails while `refuse` makes the database refuse; workers send what it has held all the same. */
async function failedDrain(refuse: string): Promise<Job> {
  const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await client.connect();
  try {
    await client.query(refuse);
    const job = await engine.ok<Job>('POST', tenant.path('/subscriptions/sub/drain'), { perSecond: 1 });
    const done = await finished(job);
    expect(done).toMatchObject({ status: 'failed' });
    await receiver.received(20);
    expect(await engine.ok('GET', tenant.path('/subscriptions/sub'))).toMatchObject({ drainJobId: null });
    return done;
  } finally {
    await client.query('DROP FUNCTION posthorn.refuse CASCADE; DROP SEQUENCE IF EXISTS posthorn.refusals');
    await client.end();
  }
}

describe('a job with a pace', () => {
  it('makes no more a second than it may, until it may make more', async () => {
    await publish(40);
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const job = await replay({ perSecond: 1 });
    expect(job).toMatchObject({ kind: 'replay', perSecond: 1, pausedAt: null });
    await receiver.received(4);
    const deliveries = await tenant.deliveries('?limit=250');
    const madeAt = deliveries.map(({ createdAt }) => Date.parse(createdAt)).sort((a, b) => a - b);
    expect((madeAt[3] ?? 0) - (madeAt[0] ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(await change(job, { perSecond: null })).toMatchObject({ perSecond: null });
    expect(await finished(job)).toMatchObject({ status: 'completed', total: 40, done: 40 });
    await receiver.received(40);
  });

  it('waits while it is paused, and goes on', async () => {
    await publish(30);
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const job = await replay({ perSecond: 4 });
    await receiver.received(1);
    const paused = await change(job, { paused: true });
    expect(paused.pausedAt).not.toBeNull();
    const { done } = await read(job);
    expect(done).toBeLessThan(30);
    await staysSo(async () => expect((await read(job)).done).toBe(done), {
      forMs: 600,
      because: 'a slice each 0.25 s',
    });
    expect(await change(job, { paused: false, perSecond: 1_000 })).toMatchObject({
      pausedAt: null,
      perSecond: 1_000,
    });
    expect(await finished(job)).toMatchObject({ status: 'completed', done: 30 });
  });

  it('can be taken back before it begins', async () => {
    await publish(3);
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const job = await replay({ delaySeconds: 600 });
    await staysSo(async () => expect(await read(job)).toMatchObject({ status: 'pending', total: null }), {
      forMs: 600,
      because: 'jobs are looked for each 0.25 s',
    });
    // Another pace does not make it begin: a later job does, and ends before it.
    expect(await change(job, { perSecond: 9 })).toMatchObject({ status: 'pending', perSecond: 9 });
    await finished(await replay({ dryRun: true }));
    expect(await read(job)).toMatchObject({ status: 'pending', total: null });
    expect(await engine.ok('POST', tenant.path(`/jobs/${job.id}/cancel`))).toMatchObject({
      status: 'cancelled',
      done: 0,
    });
    expect(receiver.requests).toHaveLength(0);
    const late = await engine.call<Problem>('PATCH', tenant.path(`/jobs/${job.id}`), { paused: true });
    expect([late.status, late.body.code]).toEqual([409, 'job_finished']);
  });

  it('is about what was there when it was asked for, whatever its end', async () => {
    await publish(2);
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const job = await replay({ delaySeconds: 2, dryRun: true, until: '2099-01-01T00:00:00.000Z' });
    receiver.answer = () => ({ status: 500 });
    await engine.ok('PATCH', tenant.path('/subscriptions/sub'), { retrySchedule: [] });
    await publish(1);
    await eventually(async () => expect(await tenant.deliveries('?status=failed')).toHaveLength(1));
    expect((await read(job)).status).toBe('pending');
    expect(await finished(job)).toMatchObject({ total: 2 });
  });

  it('has none where it is an erasure', async () => {
    await publish(1);
    const { id } = await engine.ok<Job>('POST', tenant.path('/erasures'), { all: true, dryRun: true });
    const refused = await engine.call<Problem>('PATCH', tenant.path(`/jobs/${id}`), { paused: true });
    expect([refused.status, refused.body.code]).toEqual([409, 'job_has_no_pace']);
  });

  it.each([{ perSecond: 0 }, { perSecond: 1.5 }, { perSecond: 1_001 }, { paused: null }, { speed: 1 }])(
    'is not %j',
    async (body) => {
      await tenant.subscribe(receiver.url, { uid: 'sub' });
      const job = await replay({ delaySeconds: 60 });
      expect((await engine.call('PATCH', tenant.path(`/jobs/${job.id}`), body)).status).toBe(422);
    },
  );
});

describe('a replay to another subscription', () => {
  it('sends it what the first one missed, as far as it wants that', async () => {
    await tenant.subscribe(`${receiver.url}/first`, { uid: 'sub', events: ['lead.delete'] });
    await tenant.subscribe(`${receiver.url}/second`, {
      uid: 'second',
      filter: { id: { lt: 2 } },
      events: ['lead.update'],
    });
    await publish(4);
    await engine.ok('PATCH', tenant.path('/subscriptions/second'), { events: ['lead.create'] });
    const job = await finished(await replay({ target: 'second', statuses: ['none'] }));
    expect(job).toMatchObject({ status: 'completed', total: 2, done: 2 });
    await receiver.received(2);
    expect(receiver.requests.map(({ path }) => path)).toEqual(Array(2).fill('/hook/second'));
    // They are still missed by the first one.
    expect(
      await finished(await replay({ target: 'second', statuses: ['none'], dryRun: true })),
    ).toMatchObject({
      total: 2,
    });
  });

  it('is not found where there is none', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const path = tenant.path('/subscriptions/sub/replay');
    expect((await engine.call('POST', path, { since: LONG_AGO, target: 'nobody' })).status).toBe(404);
  });
});

describe('a drain', () => {
  it('sends what is held at its pace, while new events are sent at once', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await hold(30);
    const path = tenant.path('/subscriptions/sub/drain');
    const job = await engine.ok<Job>('POST', path, { perSecond: 4 });
    expect(job).toMatchObject({ kind: 'drain', perSecond: 4 });
    expect(job.subscriptionId).toMatch(/^sub_/);
    const shown = await engine.ok<{ status: string; drainJobId: string }>(
      'GET',
      tenant.path('/subscriptions/sub'),
    );
    expect(shown).toMatchObject({ status: 'active', drainJobId: job.id });
    const again = await engine.call<Problem>('POST', path, {});
    expect([again.status, again.body.code]).toEqual([409, 'drain_under_way']);
    await receiver.received(2);
    const { id } = await tenant.publish({ type: 'lead.create', data: { id: 'new' } });
    await eventually(() =>
      expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toContain(id),
    );
    expect(receiver.requests.length).toBeLessThan(30);
    const paused = await change(job, { paused: true });
    expect(paused).toMatchObject({ total: 30 });
    // Neither workers nor the sweeper release the rest.
    const held = (await tenant.deliveries('?status=held&limit=250')).length;
    expect(held).toBeGreaterThan(0);
    await staysSo(async () => expect(await tenant.deliveries('?status=held&limit=250')).toHaveLength(held), {
      forMs: 2_500,
      because: 'the sweeper looks every two seconds',
    });
    await change(job, { paused: false, perSecond: 500 });
    expect(await finished(job)).toMatchObject({ status: 'completed', total: 30, done: 30 });
    await receiver.received(31);
    expect(await engine.ok('GET', tenant.path('/subscriptions/sub'))).toMatchObject({ drainJobId: null });
  }, 20_000);

  it('waits while the subscription is paused again, and leaves the rest to the workers when it is cancelled', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await hold(20);
    const job = await engine.ok<Job>('POST', tenant.path('/subscriptions/sub/drain'), { perSecond: 1 });
    await receiver.received(1);
    await engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
    const sent = receiver.requests.length;
    await staysSo(async () => expect((await read(job)).finishedAt).toBeNull(), {
      forMs: 600,
      because: 'some slices',
    });
    expect(receiver.requests.length).toBeLessThanOrEqual(sent + 1);
    await engine.ok('POST', tenant.path('/subscriptions/sub/resume'));
    await engine.ok('POST', tenant.path(`/jobs/${job.id}/cancel`));
    await eventually(() => expect(receiver.requests.length).toBe(20), { timeoutMs: 10_000 });
  }, 20_000);

  it('leaves the rest to the workers when it fails', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await hold(20);
    // Its progress cannot be written, and the first failure counts as the tenth.
    const refuse = `
        CREATE FUNCTION posthorn.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'refused'; END IF;
          NEW.failures := 9;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OF done ON posthorn.jobs
          FOR EACH ROW EXECUTE FUNCTION posthorn.refuse()`;
    expect(await failedDrain(refuse)).toMatchObject({ done: 0 });
  }, 20_000);

  it('leaves nothing held for a failed job when that could not be written at first', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await hold(20);
    // As above. And the first time that the subscription is to forget the job, the database refuses.
    const refuse = `
        CREATE SEQUENCE posthorn.refusals;
        CREATE FUNCTION posthorn.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF TG_TABLE_NAME = 'jobs' AND TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'refused'; END IF;
          IF TG_TABLE_NAME = 'jobs' THEN NEW.failures := 9; RETURN NEW; END IF;
          IF NEW.drained_by IS NULL AND nextval('posthorn.refusals') = 1 THEN RAISE EXCEPTION 'refused'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OF done ON posthorn.jobs
          FOR EACH ROW EXECUTE FUNCTION posthorn.refuse();
        CREATE TRIGGER refuse BEFORE UPDATE OF drained_by ON posthorn.subscriptions
          FOR EACH ROW EXECUTE FUNCTION posthorn.refuse()`;
    await failedDrain(refuse);
  }, 20_000);

  it('is over at once where nothing is held', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const job = await engine.ok<Job>('POST', tenant.path('/subscriptions/sub/drain'));
    expect(await finished(job)).toMatchObject({ status: 'completed', total: 0, done: 0 });
  });
});
