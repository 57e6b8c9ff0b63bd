import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const lead = (n: number, type = 'lead.create') => ({ type, data: { n } });

interface Job {
  id: string;
  status: string;
  total: number;
  done: number;
}

describe('a delivery whose schedule is used up', () => {
  const clock = new ManualClock();
  let isDown: boolean;
  /** Events with this number are what the endpoint cannot take. */
  let poison: number | null;
  const { engine, tenant, receiver } = useStory({
    clock,
    engineFor: 'test',
    answer: ({ body }) => ({ status: isDown || numberOf(body) === poison ? 500 : 200 }),
  });
  beforeEach(() => {
    isDown = true;
    poison = null;
  });

  const numberOf = (body: Buffer) => (JSON.parse(body.toString()) as { data: { n: number } }).data.n;
  const numbers = () => receiver.requests.map(({ body }) => numberOf(body));
  const states = async () =>
    Object.fromEntries(
      await Promise.all(
        (await tenant.deliveries('?limit=250')).map(async ({ eventId, status }) => {
          const { data } = await engine.ok<{ data: { n: number } }>('GET', tenant.path(`/events/${eventId}`));
          return [data.n, status] as const;
        }),
      ),
    );
  const statesBecome = (expected: Record<number, string>) =>
    eventually(async () => expect(await states()).toEqual(expected));
  const attemptsBecome = (n: number, count: number) =>
    eventually(() => {
      const made = numbers().filter((number) => number === n).length;
      if (made < count) throw new Error(`${made} of ${count}`);
    });
  /** Goes to the time of the next attempt of whatever waits, and waits for that attempt to be settled. */
  const nextAttempt = async () => {
    const [one] = await eventually(async () => {
      const waiting = (await tenant.deliveries('?status=pending')).filter(
        ({ nextAttemptAt }) => new Date(nextAttemptAt ?? 0).getTime() > clock.now(),
      );
      if (waiting.length === 0) throw new Error('Nothing waits.');
      return waiting.toSorted((a, b) => ((a.nextAttemptAt ?? '') < (b.nextAttemptAt ?? '') ? -1 : 1));
    });
    clock.set(new Date(one?.nextAttemptAt ?? 0).getTime());
    await engine.sweep();
    const before = one?.attemptCount ?? 0;
    await eventually(async () =>
      expect((await tenant.delivery(one?.id ?? '')).attemptCount).toBeGreaterThan(before),
    );
  };
  const replay = (id: string, body: object) =>
    engine.ok<Job>('POST', tenant.path(`/subscriptions/${id}/replay`), body);
  const jobIsDone = ({ id }: Job) =>
    eventually(async () => {
      // Between two slices of a job lies time.
      clock.advance(SECOND);
      const job = await engine.ok<Job>('GET', tenant.path(`/jobs/${id}`));
      expect(job.status).toBe('completed');
      return job;
    });

  describe('with onExhausted: hold', () => {
    it('waits while its endpoint is down all night, and is sent in the morning', async () => {
      const { id } = await tenant.subscribe(receiver.url, { onExhausted: 'hold' });
      await tenant.send(lead(1));
      await attemptsBecome(1, 1);
      for (let attempt = 2; attempt <= 6; attempt += 1) await nextAttempt();
      await statesBecome({ 1: 'held' });
      expect(await tenant.subscription(id)).toMatchObject({
        status: 'paused',
        pausedReason: 'failures',
        failureCount: 6,
        pausedDetail: expect.stringMatching(
          /^paused after 6 failures within [78] h, next probe at /,
        ) as string,
        nextProbeAt: new Date(clock.now() + 5 * MINUTE).toISOString(),
        lost: null,
      });
      await tenant.send(lead(2));
      await statesBecome({ 1: 'held', 2: 'held' });
      clock.advance(5 * MINUTE);
      await engine.sweep();
      await eventually(() => expect(receiver.requests).toHaveLength(7));
      await statesBecome({ 1: 'held', 2: 'held' });
      await engine.stopWorkers();
      await engine.startWorker();
      isDown = false;
      clock.advance(HOUR);
      await engine.sweep();
      await statesBecome({ 1: 'succeeded', 2: 'succeeded' });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', lost: null });
    });

    it('has its whole schedule anew when somebody resumes the endpoint, and waits again when it is still down', async () => {
      const { id } = await tenant.subscribe(receiver.url, { onExhausted: 'hold', retrySchedule: [60] });
      await tenant.send(lead(1));
      await attemptsBecome(1, 1);
      await nextAttempt();
      await statesBecome({ 1: 'held' });
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
      await attemptsBecome(1, 3);
      await statesBecome({ 1: 'pending' });
      await nextAttempt();
      await statesBecome({ 1: 'held' });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', pausedReason: 'failures' });
    });

    it('has failed when its endpoint took others meanwhile', async () => {
      isDown = false;
      poison = 1;
      const { id } = await tenant.subscribe(receiver.url, { onExhausted: 'hold', retrySchedule: [60] });
      await tenant.send(lead(1));
      await attemptsBecome(1, 1);
      await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ failureCount: 1 }));
      clock.advance(SECOND);
      await tenant.send(lead(2));
      await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ failureCount: 0 }));
      await nextAttempt();
      await statesBecome({ 1: 'failed', 2: 'succeeded' });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', lost: { count: 1 } });
    });

    it('fails in the end where it alone is what the endpoint cannot take, and keeps no other waiting', async () => {
      isDown = false;
      poison = 1;
      const { id } = await tenant.subscribe(receiver.url, { onExhausted: 'hold', retrySchedule: [60] });
      await tenant.send(lead(1));
      await attemptsBecome(1, 1);
      await nextAttempt();
      await statesBecome({ 1: 'held' });
      for (const n of [2, 3]) await tenant.send(lead(n));
      clock.set(new Date((await tenant.subscription(id)).nextProbeAt ?? 0).getTime());
      await engine.sweep();
      // The probe is not the one that has used up its schedule.
      await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ status: 'active' }));
      await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(2));
      expect(numbers().slice(0, 3)).toEqual([1, 1, 2]);
      await attemptsBecome(1, 3);
      await nextAttempt();
      await statesBecome({ 1: 'failed', 2: 'succeeded', 3: 'succeeded' });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
    });

    it('waits, with one attempt only, too; a test that fails does not', async () => {
      const { id } = await tenant.subscribe(receiver.url, { onExhausted: 'hold', retrySchedule: [] });
      const test = await engine.ok<{ id: string }>('POST', tenant.path(`/subscriptions/${id}/test`), {});
      await eventually(async () =>
        expect(await tenant.delivery(test.id)).toMatchObject({ status: 'failed' }),
      );
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', lost: null });
      await tenant.send(lead(1));
      await eventually(async () =>
        expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', lost: null }),
      );
      // One failure is thin evidence: the first look comes soon.
      isDown = false;
      clock.advance(10 * SECOND);
      await engine.sweep();
      await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
    });

    it('is what the instance may ask for, for every subscription that says nothing else', async () => {
      engine.settings.onExhausted = 'hold';
      const of = async (fields: object = {}) =>
        engine.ok<{ onExhausted: string }>('POST', tenant.path('/subscriptions'), {
          url: receiver.url,
          ...fields,
        });
      expect(await of()).toMatchObject({ onExhausted: 'hold' });
      expect(await of({ onExhausted: 'fail' })).toMatchObject({ onExhausted: 'fail' });
      expect(await of({ profile: 'lemlist', url: 'http://localhost/x' })).toMatchObject({
        onExhausted: 'fail',
      });
      const lemlist = await Tenant.create(engine, 'lemlist');
      const { id } = await lemlist.subscribe('http://localhost/x');
      const change = await engine.call<Problem>('PATCH', lemlist.path(`/subscriptions/${id}`), {
        onExhausted: 'hold',
      });
      expect([change.status, change.body.errors?.[0]?.code]).toEqual([422, 'not_in_profile']);
    });
  });

  describe('with onExhausted: fail', () => {
    /** Two that used up their schedule, at different times. */
    const twoLost = async (fields: object = {}) => {
      const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [60], ...fields });
      const since = clock.now();
      await tenant.send(lead(1));
      await attemptsBecome(1, 1);
      await nextAttempt();
      await statesBecome({ 1: 'failed' });
      clock.advance(HOUR);
      await tenant.send(lead(2));
      await attemptsBecome(2, 1);
      await nextAttempt();
      await statesBecome({ 1: 'failed', 2: 'failed' });
      return { id, since: new Date(since).toISOString() };
    };
    const recover = async (id: string) => {
      isDown = false;
      clock.advance(HOUR);
      await tenant.send(lead(3));
      await eventually(async () =>
        expect((await tenant.subscription(id)).lost?.recoveredAt).toBe(new Date(clock.now()).toISOString()),
      );
    };

    it('has failed; once the endpoint answers again, what was lost is shown and exactly that is sent again', async () => {
      const { id, since } = await twoLost({ events: ['lead.*'] });
      expect(await tenant.subscription(id)).toMatchObject({
        status: 'active',
        lost: { count: 2, since, recoveredAt: null },
      });
      // None of these is lost: a test, what a person cancelled, and what is not this subscription's.
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/test`), { type: 'lead.create' });
      const other = await tenant.subscribe(receiver.url, { events: ['tag.create'], retrySchedule: [] });
      await tenant.send(lead(9, 'tag.create'));
      await eventually(async () =>
        expect((await tenant.deliveries(`?subscription=${other.id}`)).map(({ status }) => status)).toEqual([
          'failed',
        ]),
      );
      await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { events: ['lead.*', 'tag.*'] });
      await recover(id);
      expect((await tenant.subscription(id)).lost).toMatchObject({ count: 2, since });
      const counted = await jobIsDone(await replay(id, { lost: true, dryRun: true }));
      expect(counted).toMatchObject({ total: 2, done: 0 });
      expect((await tenant.subscription(id)).lost).toMatchObject({ count: 2 });

      const before = numbers().length;
      expect(await jobIsDone(await replay(id, { lost: true }))).toMatchObject({ total: 2, done: 2 });
      await receiver.received(before + 2);
      expect(numbers().slice(before).toSorted()).toEqual([1, 2]);
      expect((await tenant.subscription(id)).lost).toBeNull();
      expect(await jobIsDone(await replay(id, { lost: true }))).toMatchObject({ total: 0, done: 0 });
    });

    it('is left out of what is sent again when somebody has sent it already', async () => {
      const { id } = await twoLost();
      await recover(id);
      const failed = await tenant.deliveries(`?subscription=${id}&status=failed&order=asc`);
      await engine.ok('POST', tenant.path(`/deliveries/${failed[0]?.id}/retry`));
      await eventually(async () =>
        expect(await tenant.delivery(failed[0]?.id ?? '')).toMatchObject({ status: 'succeeded' }),
      );
      expect(await jobIsDone(await replay(id, { lost: true }))).toMatchObject({ total: 1, done: 1 });
    });

    it('still is to be sent again when a retry by hand fails, too, and counts once', async () => {
      const { id } = await twoLost();
      const [one] = await tenant.deliveries('?status=failed&order=asc');
      await engine.ok('POST', tenant.path(`/deliveries/${one?.id}/retry`));
      await eventually(async () =>
        expect(await tenant.delivery(one?.id ?? '')).toMatchObject({ attemptCount: 3 }),
      );
      await recover(id);
      expect((await tenant.subscription(id)).lost).toMatchObject({ count: 2 });
      expect(await jobIsDone(await replay(id, { lost: true }))).toMatchObject({ total: 2, done: 2 });
    });

    it('is shown after a pause for failures as well, and a replay of all that failed ends the note', async () => {
      const { id, since } = await twoLost({ pauseAfter: 4 });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', lost: { count: 2, since } });
      isDown = false;
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
      expect((await tenant.subscription(id)).lost).toMatchObject({ count: 2, recoveredAt: null });
      await recover(id);
      const covered = { since, statuses: ['failed'] };
      for (const part of [
        { ...covered, dryRun: true },
        { ...covered, eventTypes: ['tag.*'] },
        { since: new Date(clock.now()).toISOString() },
      ])
        await jobIsDone(await replay(id, part));
      expect((await tenant.subscription(id)).lost).toMatchObject({ count: 2 });
      expect(await jobIsDone(await replay(id, covered))).toMatchObject({ done: 2 });
      expect((await tenant.subscription(id)).lost).toBeNull();
    });

    it('is forgotten when nobody wants it, and what is lost later is shown on its own', async () => {
      const { id } = await twoLost();
      await recover(id);
      const path = tenant.path(`/subscriptions/${id}/lost`);
      expect((await engine.call('DELETE', path, undefined, { key: await tenant.key('read') })).status).toBe(
        403,
      );
      expect((await engine.call('DELETE', path)).status).toBe(204);
      expect((await engine.call('DELETE', path)).status).toBe(204);
      expect((await tenant.subscription(id)).lost).toBeNull();
      isDown = true;
      clock.advance(MINUTE);
      const since = new Date(clock.now()).toISOString();
      await tenant.send(lead(4));
      await attemptsBecome(4, 1);
      await nextAttempt();
      await eventually(async () =>
        expect((await tenant.subscription(id)).lost).toEqual({ count: 1, since, recoveredAt: null }),
      );
      isDown = false;
      expect(await jobIsDone(await replay(id, { lost: true }))).toMatchObject({ total: 1, done: 1 });
    });

    it('takes no other condition with `lost`, and wants `since` without it', async () => {
      const { id } = await tenant.subscribe(receiver.url);
      const path = tenant.path(`/subscriptions/${id}/replay`);
      const issues = async (body: object) => {
        const answer = await engine.call<Problem>('POST', path, body);
        return answer.status === 202 ? 202 : answer.body.errors?.map((issue) => issue.path);
      };
      const now = new Date().toISOString();
      expect(await issues({})).toEqual(['since']);
      expect(await issues({ lost: false })).toEqual(['since']);
      expect(await issues({ lost: true, since: now, until: now, statuses: ['failed'] })).toEqual([
        'since',
        'until',
        'statuses',
      ]);
      expect(await issues({ lost: 'yes' })).toContain('lost');
      expect(await issues({ lost: true, eventTypes: ['lead.*'] })).toBe(202);
    });
  });
});
