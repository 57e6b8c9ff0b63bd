import { Logger } from '@nestjs/common';
import { parsePublicId } from '../../src/core/ids.js';
import { Settings } from '../../src/config/settings.js';
import { EndpointsService } from '../../src/endpoints/endpoints.service.js';
import { ResealService } from '../../src/subscriptions/reseal.service.js';
import { Sealer } from '../../src/endpoints/seal.js';
import { liveSecrets, sealHeaders, sealSecrets } from '../../src/endpoints/secrets.js';
import type {
  CreatedSubscription,
  SecretView,
  SubscriptionView,
} from '../../src/subscriptions/subscription-view.dto.js';
import { fixture } from '../support/receiver.js';
import { HOOK_URL, SECRET, SubscriptionsTestApp } from '../support/subscriptions-app.js';

const DAY = 86_400_000;

let app: SubscriptionsTestApp;

beforeAll(async () => {
  app = await SubscriptionsTestApp.start();
});

afterAll(() => app.close());

describe('secrets', () => {
  it('are sealed at rest, like the headers, and do not open in another row', async () => {
    const { id, space, path } = await app.newSubscription({
      secret: SECRET,
      headers: { 'x-token': 'hunter2' },
    });
    const raw = 'SELECT s::text AS row, headers FROM posthorn.subscriptions s WHERE id = $1';
    const [stored] = await app.rows<{ row: string; headers: Buffer }>(raw, [id]);
    expect(stored?.row).not.toContain(SECRET.slice(6));
    expect(stored?.row).not.toContain(Buffer.alloc(32, 5).toString('hex'));
    expect(stored?.headers.includes('hunter2')).toBe(false);
    const other = (await app.call<CreatedSubscription>('POST', space.path, { url: HOOK_URL })).body;
    const move = `UPDATE posthorn.subscriptions t SET secrets = s.secrets FROM posthorn.subscriptions s WHERE s.id = $1 AND t.id = $2`;
    const otherId = parsePublicId('sub', other.id) as string;
    await app.rows(move, [id, otherId]);
    expect((await app.call('GET', `${space.path}/${other.id}/secret`)).status).toBe(503);
    expect((await app.call<SecretView>('GET', `${path}/secret`)).body.secret).toBe(SECRET);
    const loaded = await app
      .get(EndpointsService)
      .load([id, otherId].map((one) => ({ id: one, version: 1 })));
    expect([...loaded.keys()]).toEqual([id]);
  });

  it('rotate with an overlap in which both sign, newest first', async () => {
    const { path, id, body } = await app.newSubscription();
    const rotated = await app.call<SecretView>('POST', `${path}/secret/rotate`, { overlapSeconds: 600 });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).toMatch(/^whsec_/);
    const expiresAt = new Date(app.clock.now() + 600_000).toISOString();
    expect(rotated.body.previous).toEqual([{ secret: body.secret, expiresAt }]);
    expect((await app.call<SecretView>('GET', `${path}/secret`)).body).toEqual(rotated.body);

    const endpoint = (await app.get(EndpointsService).load([{ id, version: 2 }])).get(id);
    const signing = () =>
      liveSecrets(endpoint?.secrets ?? [], app.clock.now()).map(({ key }) => key.toString('base64'));
    expect(signing()).toEqual([rotated.body.secret, body.secret].map((secret) => secret?.slice(6)));
    app.clock.advance(600_000);
    expect(signing()).toEqual([rotated.body.secret?.slice(6)]);
    expect((await app.call<SecretView>('GET', `${path}/secret`)).body).toEqual({
      ...rotated.body,
      previous: [],
    });
  });

  it('rotate within a day by default, or at once, and to a secret of the caller', async () => {
    const { path, body } = await app.newSubscription();
    const first = await app.call<SecretView>('POST', `${path}/secret/rotate`);
    const expiresAt = new Date(app.clock.now() + DAY).toISOString();
    expect(first.body.previous).toEqual([{ secret: body.secret, expiresAt }]);
    const second = await app.call<SecretView>('POST', `${path}/secret/rotate`, {
      secret: SECRET,
      overlapSeconds: 0,
    });
    expect(second.body).toEqual({ secret: SECRET, previous: [] });
    expect(await app.issuesOf(`${path}/secret/rotate`, { secret: 'whsec_!' })).toEqual({
      secret: 'invalid_secret',
    });
    expect(await app.issuesOf(`${path}/secret/rotate`, { overlapSeconds: 604_801 })).toHaveProperty(
      'overlapSeconds',
    );
  });

  it('never lengthen an older overlap, and never sign twice with the same key', async () => {
    const { path, body } = await app.newSubscription();
    const rotate = `${path}/secret/rotate`;
    const second = await app.call<SecretView>('POST', rotate, { overlapSeconds: 60 });
    const third = await app.call<SecretView>('POST', rotate, { overlapSeconds: 600 });
    const ends = third.body.previous.map(({ expiresAt }) => Date.parse(expiresAt) - app.clock.now());
    expect(ends).toEqual([600_000, 60_000]);
    const back = await app.call<SecretView>('POST', rotate, { secret: body.secret });
    expect(back.body.secret).toBe(body.secret);
    const previous = back.body.previous.map(({ secret }) => secret);
    expect(previous).toEqual([third.body.secret, second.body.secret]);
  });

  it('are at most five at once', async () => {
    const { path } = await app.newSubscription();
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      statuses.push((await app.call('POST', `${path}/secret/rotate`)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 409]);
    expect((await app.call('POST', `${path}/secret/rotate`, { overlapSeconds: 0 })).status).toBe(200);
  });
});

describe('resealing', () => {
  const sealerWith = (...keys: Buffer[]) =>
    new Sealer(Object.assign(new Settings(), { encryptionKeys: keys.map((key) => key.toString('base64')) }));
  const oldKey = Buffer.alloc(32, 1);
  const newKey = Buffer.alloc(32, 2);
  const lostKey = Buffer.alloc(32, 3);

  it('makes the old key superfluous, names what does not open, and has nothing to do the second time', async () => {
    const { id, path, space } = await app.newSubscription({
      secret: SECRET,
      headers: { 'x-a': 'b' },
      clientCertificate: { certificate: fixture('client.pem'), key: fixture('client-key.pem') },
      oauth2: { tokenUrl: HOOK_URL, clientId: 'me', clientSecret: 'its secret' },
    });
    await app.call('POST', `${path}/secret/rotate`);
    const rotated = await app.call('GET', path);
    const lost = (await app.call<CreatedSubscription>('POST', space.path, { url: HOOK_URL })).body.id;
    const lostId = parsePublicId('sub', lost) as string;
    const sealedByLost = sealSecrets(sealerWith(lostKey), lostId, [{ key: lostKey, expiresAt: null }]);
    await app.rows('UPDATE posthorn.subscriptions SET secrets = $2, headers = $3 WHERE id = $1', [
      lostId,
      JSON.stringify(sealedByLost),
      sealHeaders(sealerWith(lostKey), lostId, { 'x-a': 'b' }),
    ]);

    const first = await new ResealService(app.database, sealerWith(newKey, oldKey), app.clock).run();
    expect(first).toEqual({
      checked: expect.any(Number),
      resealed: first.checked - first.unreadable.length,
      unreadable: expect.any(Array),
    });
    expect(first.unreadable).toContain(lost);
    expect((await app.call('GET', path)).etag).toBe(rotated.etag);

    const endpoints = new EndpointsService(app.database, sealerWith(newKey));
    const endpoint = (await endpoints.load([{ id, version: 1 }])).get(id);
    expect(endpoint?.headers).toEqual({ 'x-a': 'b' });
    expect(endpoint?.clientCertificate).toMatchObject({ key: fixture('client-key.pem') });
    expect(endpoint?.oauth2?.client).toMatchObject({ clientSecret: 'its secret' });
    expect(endpoint?.secrets.map(({ key }) => key.toString('base64'))).toContain(SECRET.slice(6));

    // Every lease finds what does not open again.
    const lines: unknown[] = [];
    Logger.overrideLogger({
      error: (line: unknown) => void lines.push(line),
      log: () => undefined,
      warn: () => undefined,
    });
    for (let n = 0; n < 3; n += 1)
      expect(await endpoints.load([{ id: lostId, version: 1 }])).toEqual(new Map());
    Logger.overrideLogger(false);
    expect(lines).toEqual([expect.objectContaining({ msg: 'subscription.unreadable', subscription: lost })]);

    const second = await new ResealService(app.database, sealerWith(newKey, oldKey), app.clock).run();
    expect(second).toEqual({ ...first, resealed: 0 });
    expect((await app.call('POST', '/v1/secrets/reseal')).status).toBe(200);
  });

  it('is for the admin alone', async () => {
    const space = await app.newSpace();
    const key = await app.newKey(space, 'manage');
    expect((await app.call('POST', '/v1/secrets/reseal', undefined, { key })).status).toBe(403);
  });

  it('is not needed to list subscriptions whose key is lost', async () => {
    const { space, id, body } = await app.newSubscription({ headers: { 'x-a': 'b' } });
    await app.rows('UPDATE posthorn.subscriptions SET headers = $2 WHERE id = $1', [
      id,
      sealHeaders(sealerWith(lostKey), id, { 'x-a': 'b' }),
    ]);
    const list = await app.call<{ data: SubscriptionView[] }>('GET', space.path);
    expect(list.body.data).toEqual([expect.objectContaining({ id: body.id, headers: null })]);
    expect((await app.call('GET', `${space.path}/${body.id}`)).body.headers).toBeNull();
  });
});
