import { type ArgumentsHost, Controller, Get, Module, Query } from '@nestjs/common';
import {
  Conflict,
  Invalid,
  NotFound,
  PosthornExceptionFilter,
  PosthornHealthIndicator,
  PosthornModule,
  SpacesService,
  StartupError,
  SubscriptionsService,
  Unavailable,
  WebhookDeliveries,
  WebhookEmitter,
  WebhookEvents,
  WebhookBroadcasts,
  WebhookJobs,
  WebhookPortalLinks,
  WebhookSubscriptions,
} from '../../src/index.js';
import { publicId } from '../../src/core/ids.js';
import { eventually } from '../support/condition.js';
import { HostApp } from '../support/host-app.js';
import { HTTP } from '../support/host-http.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

@Controller('space')
class SpaceController {
  constructor(private readonly deliveries: WebhookDeliveries) {}

  @Get()
  list(@Query('uid') uid: string, @Query('status') status: 'pending') {
    if (uid === 'own-fault') throw new Error('ours');
    if (uid.startsWith('wait-')) throw new Unavailable('Busy. Repeat the request.', Number(uid.slice(5)));
    return this.deliveries.list(uid, { status });
  }
}
Reflect.defineMetadata('design:paramtypes', [WebhookDeliveries], SpaceController);

@Module({ controllers: [SpaceController] })
class SpaceModule {}

const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
const encryptionKeys = [Buffer.alloc(32, 1).toString('base64')];

describe('what PosthornModule gives to its host', () => {
  let host: HostApp;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
    host = await HostApp.start({
      imports: [SpaceModule],
      options: { publicUrl: 'https://hooks.example.com/posthorn', sweepIntervalMs: 500 },
      filters: [new PosthornExceptionFilter()],
    });
  });
  afterAll(async () => {
    await host.close();
    await receiver.close();
  });

  it('makes a space on first use, once for callers of the same moment, and changes what differs', async () => {
    const spaces = host.app.get(SpacesService);
    const made = await Promise.all(Array.from({ length: 5 }, () => spaces.upsertSpace({ uid: 'first' })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({ uid: 'first', name: 'first', profile: 'native' });
    const named = await spaces.upsertSpace({ uid: 'first', name: 'First Ltd', metadata: { plan: 'pro' } });
    expect(named).toMatchObject({ id: made[0]?.id, name: 'First Ltd', metadata: { plan: 'pro' } });
    expect(await spaces.upsertSpace({ uid: 'first' })).toMatchObject({ name: 'First Ltd' });
    await expect(spaces.upsertSpace({ uid: 'first', profile: 'lemlist' })).rejects.toThrow(Conflict);
    // Neither looks like an id of another space, nor is it a path.
    const bad = [`spc_${'0'.repeat(32)}`, '../first', '', 'a'.repeat(65)];
    for (const uid of bad) await expect(spaces.upsertSpace({ uid })).rejects.toThrow(Invalid);
  });

  it('changes nothing of a space that is as it shall be', async () => {
    const spaces = host.app.get(SpacesService);
    const [uid, name] = ['same', 'Same Ltd'];
    await spaces.upsertSpace({ uid, name, limits: { keys: 3, subscriptions: 7 } });
    const shall = { uid, name, tags: ['eu', 'eu'], limits: { keys: 3 }, retention: { bodiesDays: null } };
    const made = await spaces.upsertSpace(shall);
    const again = await spaces.upsertSpace(shall);
    expect(again).toMatchObject({ tags: ['eu'], limits: { keys: 3, subscriptions: 7 }, retention: null });
    // A change of limits has every process read the routes of the space again.
    expect(again.updatedAt).toEqual(made.updatedAt);
    expect(await spaces.upsertSpace({ uid, limits: { keys: 4 } })).toMatchObject({ limits: { keys: 4 } });
  });

  it('gives deliveries and attempts, retries and cancels, tests and simulates', async () => {
    const [deliveries, events] = [host.app.get(WebhookDeliveries), host.app.get(WebhookEvents)];
    const { subscription } = await host.acme(receiver.url);
    await host.emitter.emit({ space: 'acme' }, { type: 'lead.create', data: { id: 'l1' }, id: 'mine' });
    const [request] = await receiver.received(1);
    const { data } = await eventually(async () => {
      const found = await deliveries.list('acme', { status: 'succeeded', event: 'mine' });
      return found.data.length === 1 ? found : null;
    });
    const [one] = data;
    const id = one?.id ?? '';
    expect(one).toMatchObject({ eventId: request?.headers['webhook-id'], attemptCount: 1 });
    expect(await deliveries.get('acme', id)).toMatchObject({ id, attempts: [{ n: 1, statusCode: 200 }] });
    const attempt = await deliveries.attempt('acme', id, 1);
    expect(attempt.request.body).toBe(request?.body.toString());
    await deliveries.retry('acme', id);
    await receiver.received(2);
    await eventually(async () => (await deliveries.get('acme', id)).attempts.length === 2);
    await expect(deliveries.cancel('acme', id)).rejects.toThrow(Conflict);
    await expect(deliveries.get('first', id)).rejects.toThrow(NotFound);
    for (const n of [0, 1.5, 3_000_000_000])
      await expect(deliveries.attempt('acme', id, n)).rejects.toThrow(NotFound);
    expect(await events.get('acme', 'mine')).toMatchObject({ uid: 'mine', data: { id: 'l1' } });
    const simulated = await events.simulate('acme', { type: 'tag.create', count: 2 });
    expect(simulated).toMatchObject([{ type: 'tag.create' }, { type: 'tag.create' }]);
    await receiver.received(4);
    await events.sendTest('acme', publicId('sub', subscription?.id ?? ''));
    await receiver.received(5);
    await expect(events.get('acme', 'a\0b')).rejects.toThrow(NotFound);
    const first = await events.list('acme', { limit: 1 });
    const next = await events.list('acme', { limit: 1, cursor: first.nextCursor ?? '' });
    expect(next.data[0]?.id).not.toBe(first.data[0]?.id);
    await expect(events.list('first', { cursor: first.nextCursor ?? '' })).rejects.toThrow('cursor');
  });

  it('manages subscriptions as the API shows them', async () => {
    const subscriptions = host.app.get(WebhookSubscriptions);
    await host.app.get(SpacesService).upsertSpace({ uid: 'managed' });
    const made = await subscriptions.create('managed', {
      url: receiver.url,
      uid: 'main',
      headers: { 'x-a': 'b' },
    });
    expect(made).toMatchObject({ id: expect.stringMatching(/^sub_/) as string, headers: { 'x-a': 'b' } });
    expect((await subscriptions.secrets('managed', made.id)).secret).toBe(made.secret);
    const rotated = await subscriptions.rotateSecret('managed', 'main', { overlapSeconds: 60 });
    expect(rotated.previous).toMatchObject([{ secret: made.secret }]);
    expect(await subscriptions.pause('managed', 'main')).toMatchObject({ status: 'paused' });
    expect(await subscriptions.resume('managed', 'main')).toMatchObject({ status: 'active' });
    expect(await subscriptions.update('managed', 'main', { events: ['lead.*'] })).toMatchObject({
      events: ['lead.*'],
    });
    expect((await subscriptions.list('managed')).data.map(({ id }) => id)).toEqual([made.id]);
    await expect(subscriptions.create('managed', { url: 'nowhere' })).rejects.toThrow(Invalid);
    await expect(subscriptions.get('first', made.id)).rejects.toThrow(NotFound);
    await subscriptions.delete('managed', made.id);
    await expect(subscriptions.get('managed', made.id)).rejects.toThrow(NotFound);
  });

  it('replays and retries many by jobs, and makes portal links', async () => {
    const [jobs, links] = [host.app.get(WebhookJobs), host.app.get(WebhookPortalLinks)];
    const space = await host.app.get(SpacesService).upsertSpace({ uid: 'jobs' });
    await host.app.get(SubscriptionsService).create(space, { url: receiver.url, uid: 'main' });
    const before = receiver.requests.length;
    await host.emitter.emit({ space: 'jobs' }, { type: 'lead.create', data: { id: 'j1' } });
    await receiver.received(before + 1);
    expect(await eventually(() => jobs.countRetries(space, { status: 'succeeded' }))).toMatchObject({
      exact: true,
    });
    await eventually(async () => (await jobs.countRetries('jobs', { status: 'succeeded' })).count === 1);
    const job = await jobs.retry('jobs', { status: 'succeeded' });
    expect(job).toMatchObject({ kind: 'retry', status: 'pending' });
    await receiver.received(before + 2);
    await eventually(async () => (await jobs.get('jobs', job.id)).status === 'completed');
    const statuses = ['succeeded' as const];
    const replay = await jobs.replay('jobs', 'main', { since: '2020-01-01', statuses });
    await receiver.received(before + 3);
    expect((await jobs.list('jobs')).data.map(({ id }) => id)).toEqual([replay.id, job.id]);
    await eventually(async () => (await jobs.get('jobs', replay.id)).finishedAt !== null);
    await expect(jobs.cancel('jobs', job.id)).rejects.toThrow(Conflict);
    await expect(jobs.retry('jobs', {})).rejects.toThrow(Invalid);
    const link = await links.create('jobs', { scope: 'read' });
    expect(link.url).toMatch(/^https:\/\/hooks\.example\.com\/posthorn\/portal\/spc_\w{32}\/#portal=php_/);
    expect((await links.list('jobs')).data).toMatchObject([{ id: link.id, scope: 'read' }]);
    await links.revoke('jobs', link.id);
    expect((await links.list('jobs')).data).toEqual([]);
    await expect(links.create('jobs', { scope: 'admin' as 'read' })).rejects.toThrow(Invalid);
  });

  it("answers its errors as problem documents, and leaves the application's to it", async () => {
    const missing = await fetch(`${host.url}/space?uid=nobody`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await missing.json()).toMatchObject({ status: 404, code: 'not_found' });
    const invalid = await fetch(`${host.url}/space?uid=first&status=wrong`);
    expect(invalid.status).toBe(422);
    expect(await invalid.json()).toMatchObject({ code: 'validation_failed', errors: [{ path: 'status' }] });
    for (const [seconds, header] of Object.entries({ 0.2: '1', 1.2: '2' })) {
      const busy = await fetch(`${host.url}/space?uid=wait-${seconds}`);
      expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, header]);
    }
    const own = await fetch(`${host.url}/space?uid=own-fault`);
    expect(await own.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    const rpc = { getType: () => 'rpc' } as unknown as ArgumentsHost;
    expect(() => new PosthornExceptionFilter().catch(new NotFound('space'), rpc)).toThrow(NotFound);
  });

  it('publishes, delivers, or does both, by its role', async () => {
    const [deliverer, publisher] = [
      await HostApp.start({ databaseUrl: host.options.databaseUrl, role: 'deliver', options: host.options }),
      await HostApp.start({
        databaseUrl: host.options.databaseUrl,
        role: 'publish',
        options: host.options,
        http: HTTP,
      }),
    ];
    // The API is there without a worker, behind the guard.
    expect((await fetch(`${publisher.url}${HTTP.path}/healthz`)).status).toBe(401);
    const event = { type: 'lead.create', data: { id: 'r1' } } as const;
    await expect(deliverer.emitter.emit({ space: 'acme' }, event)).rejects.toThrow('role "all"');
    await expect(deliverer.app.get(WebhookEmitter).emitMany({ space: 'acme' }, [event])).rejects.toThrow(
      'deliver',
    );
    const before = receiver.requests.length;
    await publisher.emitter.emit({ space: 'acme' }, event);
    await receiver.received(before + 1);
    await deliverer.close();
    await publisher.close();
  });

  it('refuses roles that there are not, and that contradict each other', () => {
    const start = (role: string, worker?: boolean) =>
      PosthornModule.forRoot({
        databaseUrl,
        encryptionKeys,
        role: role as 'all',
        ...(worker !== undefined && { worker }),
      });
    expect(() => start('worker')).toThrow('is not one of publish, deliver, all');
    expect(() => start('publish', true)).toThrow(StartupError);
    expect(() => start('deliver', false)).toThrow('Leave worker out');
    expect(() => start('publish', false)).not.toThrow();
  });

  it('broadcasts to spaces with a tag, once for a key', async () => {
    const broadcasts = host.app.get(WebhookBroadcasts);
    await host.app.get(SpacesService).upsertSpace({ uid: 'tagged', tags: ['beta'] });
    const what = { event: { type: 'lead.create', data: { id: '1' } }, tag: 'beta' } as const;
    const made = await broadcasts.start({ ...what, idempotencyKey: 'note' });
    expect(await broadcasts.start({ ...what, idempotencyKey: 'note' })).toMatchObject({ id: made.id });
    const done = await eventually(async () => {
      const now = await broadcasts.get(made.id);
      return now.finishedAt === null ? null : now;
    });
    expect(done).toMatchObject({ status: 'completed', spaces: 1, published: 1 });
    expect((await broadcasts.list()).data).toEqual([done]);
    const second = await broadcasts.start({ ...what, idempotencyKey: 'second note' });
    await eventually(async () => (await broadcasts.get(second.id)).finishedAt !== null);
    const page = await broadcasts.list({ limit: 1 });
    expect(page.data).toMatchObject([{ id: second.id }]);
    expect((await broadcasts.list({ limit: 1, cursor: page.nextCursor ?? '' })).data).toEqual([done]);
    await expect(broadcasts.cancel(made.id)).rejects.toThrow('Only an unfinished broadcast');
    await expect(broadcasts.start({ ...what, tag: 'a b' })).rejects.toThrow(Invalid);
  });

  it('tells its health in the form of terminus', async () => {
    const health = host.app.get(PosthornHealthIndicator);
    expect(await health.check()).toEqual({ posthorn: { status: 'up' } });
    expect(await health.check('webhooks')).toEqual({ webhooks: { status: 'up' } });
    const [{ name } = { name: '' }] = await host.source.query<{ name: string }[]>(
      'SELECT current_database() AS name',
    );
    const cut = () =>
      host.source.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await host.source.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    await cut();
    const { posthorn } = await eventually(async () => {
      const found = await health.check();
      return found.posthorn.checks?.database?.reason === 'read_only' ? found : null;
    });
    expect(posthorn.status).toBe('down');
    // A connection that was cut while it was in use leaves the outcome unknown, so the first try may say that.
    const refused = (act: () => Promise<unknown>) =>
      eventually(async () => {
        const reason: unknown = await act().catch((error: unknown) => error);
        expect(reason).toBeInstanceOf(Unavailable);
        expect((reason as Unavailable).cause).toBeDefined();
      });
    await refused(() => host.app.get(WebhookSubscriptions).create('first', { url: receiver.url }));
    const event = { type: 'lead.create', data: { id: '1' } } as const;
    await refused(() => host.emitter.emit({ space: 'first' }, event));
    await host.source.query(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
    await cut();
    await eventually(async () => (await health.check()).posthorn.status === 'up');
  });
});
