import type { AuditEntry } from '../../src/audit-api/audit.dto.js';
import { parsePublicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { callWithCookie, SignedIn } from '../support/people.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

const clock = new ManualClock();
const { engine, tenant } = useStory({ clock, workers: 0, settings: { admins: ['Boss@Example.com'] } });

interface Person {
  id: string;
  email: string;
  role: string | null;
  adminBySetting: boolean;
  spaces: { spaceId: string; role: string }[];
}
interface Session {
  id: string;
  email: string;
  isCurrent: boolean;
  seenAt: string;
}

const WITH_HEADER = { 'x-posthorn-client': 'dashboard' };
const statusOf = async (person: SignedIn, path = '/v1/session') => (await person.call('GET', path)).status;
const entries = async (query: string) =>
  (await engine.ok<{ data: AuditEntry[] }>('GET', `/v1/audit?${query}`)).data;

describe('a session', () => {
  it('says who is signed in and what they may do', async () => {
    const person = await SignedIn.as(engine, 'support');
    const space = await engine.ok<{ id: string }>('GET', tenant.path(''));
    await person.inSpace(tenant.uid, 'admin');
    const { body } = await person.call('GET', '/v1/session');
    expect(body).toMatchObject({
      kind: 'person',
      scope: 'read',
      person: {
        id: person.id,
        email: person.email,
        role: 'support',
        spaces: [{ space: space.id, role: 'admin' }],
      },
    });
    expect(JSON.stringify(body)).not.toContain(person.token);
  });

  it('takes a changed role with the next request, by another process, too', async () => {
    const other = await engine.startApi();
    const person = await SignedIn.as(engine, 'operator');
    const make = async (url: string) =>
      (
        await fetch(`${url}/v1/spaces`, {
          method: 'POST',
          headers: {
            ...WITH_HEADER,
            cookie: `posthorn_session=${person.token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ name: 'made by a person' }),
        })
      ).status;
    expect([await make(engine.url), await make(other)]).toEqual([201, 201]);
    await engine.ok('PATCH', `/v1/people/${person.email}`, { role: 'viewer' });
    expect([await make(other), await make(engine.url)]).toEqual([403, 403]);
    await engine.ok('PATCH', `/v1/people/${person.id}`, { role: null });
    expect(await statusOf(person, tenant.path(''))).toBe(404);
  });

  it('ends with its person, and when it is over', async () => {
    const person = await SignedIn.as(engine, 'admin');
    expect(await statusOf(person)).toBe(200);
    await engine.ok('DELETE', `/v1/people/${person.id}`);
    expect(await statusOf(person)).toBe(401);

    const late = await SignedIn.as(engine, 'admin');
    clock.advance(12 * 3_600_000 - 1);
    expect(await statusOf(late)).toBe(200);
    clock.advance(1);
    expect(await statusOf(late)).toBe(401);
  });

  it('is listed and ended by its person, and by admins; others’ do not exist', async () => {
    const person = await SignedIn.as(engine, 'operator');
    const elsewhere = await SignedIn.again(engine, person.id, person.email);
    const admin = await SignedIn.as(engine, 'admin');
    const { body } = await person.call<{ data: Session[] }>('GET', '/v1/sessions');
    expect(body.data.map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
    const [theirs] = (await admin.call<{ data: Session[] }>('GET', '/v1/sessions')).body.data;
    expect((await person.call('DELETE', `/v1/sessions/${theirs?.id ?? ''}`)).status).toBe(404);
    expect((await person.call('GET', `/v1/sessions?person=${admin.id}`)).status).toBe(403);

    expect((await person.call('DELETE', `/v1/sessions/${body.data[0]?.id ?? ''}`)).status).toBe(204);
    expect([await statusOf(elsewhere), await statusOf(person)]).toEqual([401, 200]);
    const ended = await admin.call('DELETE', `/v1/sessions/${body.data[1]?.id ?? ''}`);
    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([204, null]);
    expect(await statusOf(person)).toBe(401);
    const out = await admin.call('DELETE', `/v1/sessions/${theirs?.id ?? ''}`);
    expect(out.headers.get('set-cookie')).toContain(
      'posthorn_session=0; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    );
  });

  it('is told of as seen, to the minute', async () => {
    const person = await SignedIn.as(engine, 'viewer');
    clock.advance(61_000);
    await statusOf(person);
    const seen = async () =>
      (await person.call<{ data: Session[] }>('GET', '/v1/sessions')).body.data[0]?.seenAt;
    expect(await seen()).toBe(clock.date().toISOString());
  });
});

describe('a cookie', () => {
  it.each([
    ['without the header of our own pages', {}],
    ['from a page of another site', { ...WITH_HEADER, 'sec-fetch-site': 'cross-site' }],
    ['from a page of a sibling host', { ...WITH_HEADER, 'sec-fetch-site': 'same-site' }],
    ['with the origin of another site', { ...WITH_HEADER, origin: 'https://evil.example' }],
  ])('changes nothing %s', async (_how, headers) => {
    const person = await SignedIn.as(engine, 'admin');
    const call = ['POST', '/v1/spaces', { name: 'forged' }] as const;
    const { status } = await callWithCookie(engine, person.token, call, headers);
    expect(status).toBe(403);
    const ok = await callWithCookie(engine, person.token, call, {
      ...WITH_HEADER,
      'sec-fetch-site': 'same-origin',
    });
    expect(ok.status).toBe(201);
  });

  it('that was tampered with, made up or left empty is none', async () => {
    const { token } = await SignedIn.as(engine, 'admin');
    const last = token.endsWith('a') ? 'b' : 'a';
    for (const forged of [
      token.slice(0, -1) + last,
      token.slice(0, -1),
      `${token}a`,
      'phs_',
      'x',
      '',
      '"',
      "' OR 1=1",
    ])
      expect((await callWithCookie(engine, forged, ['GET', '/v1/session'])).status).toBe(401);
  });

  it('gives way to a key, and opens no provider’s API', async () => {
    const { token } = await SignedIn.as(engine, 'admin');
    const key = await tenant.key('read');
    const headers = { authorization: `Bearer ${key}` };
    expect(
      (await callWithCookie<{ kind: string }>(engine, token, ['GET', '/v1/session'], headers)).body.kind,
    ).toBe('space');
    const wrong = { authorization: 'Bearer wrong' };
    expect((await callWithCookie(engine, token, ['GET', '/v1/session'], wrong)).status).toBe(401);
    for (const path of ['/lemlist/api/hooks', '/leadlex/v1/webhooks', '/smartlead/api/v1/campaigns'])
      expect((await callWithCookie(engine, token, ['GET', path])).status).toBe(401);
  });
});

describe('people', () => {
  it('are made, found, changed and removed by the admin key and by admins', async () => {
    const admin = await SignedIn.as(engine, 'admin');
    const made = await admin.call<Person>('POST', '/v1/people', { email: 'Ada@Example.com', role: 'viewer' });
    expect(made.body).toMatchObject({
      email: 'ada@example.com',
      role: 'viewer',
      adminBySetting: false,
      spaces: [],
    });
    const again = await admin.call<Problem>('POST', '/v1/people', { email: 'ADA@example.com' });
    expect([again.status, again.body.code]).toEqual([409, 'email_taken']);
    const found = await engine.ok<{ data: Person[] }>('GET', '/v1/people?q=ADA');
    expect(found.data.map(({ id }) => id)).toEqual([made.body.id]);
    const bad = await admin.call('POST', '/v1/people', { email: 'a@b.com\r\nBcc: c@d.com' });
    expect(bad.status).toBe(422);
    await engine.ok('DELETE', '/v1/people/ada@example.com');
    expect((await engine.call('GET', '/v1/people/ada@example.com')).status).toBe(404);
    // Somebody of that name may come back, and is somebody else.
    const back = await engine.ok<Person>('POST', '/v1/people', { email: 'ada@example.com' });
    expect(back.id).not.toBe(made.body.id);
  });

  it('are found by their own address alone', async () => {
    await engine.ok('POST', '/v1/people', { email: 'kate@example.com' });
    expect((await engine.call('GET', '/v1/people/KATE@example.com')).status).toBe(200);
    // The Kelvin sign: in lower case it is a "k".
    const other = `/v1/people/${encodeURIComponent('\u212Aate@example.com')}`;
    expect((await engine.call('DELETE', other)).status).toBe(404);
  });

  it('of the setting are admins, whatever is stored', async () => {
    const boss = await SignedIn.as(engine, null, 'boss@example.com');
    expect(await statusOf(boss, '/v1/people')).toBe(200);
    const shown = await engine.ok<Person>('PATCH', `/v1/people/${boss.id}`, { role: 'viewer' });
    expect(shown).toMatchObject({ role: 'admin', adminBySetting: true });
  });

  it('are made once, however many add them at the same moment', async () => {
    const spaces = await Promise.all([1, 2, 3, 4].map(() => Tenant.create(engine)));
    const added = await Promise.all(
      spaces.map((space) =>
        engine.ok<Person>('POST', space.path('/people'), { email: 'Many@example.com', role: 'viewer' }),
      ),
    );
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
  });

  it('of a space are managed by its admins, who see no other', async () => {
    const admin = await SignedIn.as(engine, null);
    await admin.inSpace(tenant.uid, 'admin');
    const path = tenant.path('/people');
    const added = await admin.call<Person>('POST', path, { email: 'new@example.com', role: 'support' });
    expect(added.body).toMatchObject({ email: 'new@example.com', role: 'support' });
    const listed = await admin.call<{ data: Person[] }>('GET', path);
    expect(listed.body.data.map(({ email, role }) => [email, role])).toEqual(
      [
        [admin.email, 'admin'],
        ['new@example.com', 'support'],
      ].sort(),
    );
    expect((await admin.call('PUT', `${path}/new@example.com`, { role: 'viewer' })).status).toBe(200);
    expect((await admin.call('DELETE', `${path}/new@example.com`)).status).toBe(204);
    expect((await admin.call('DELETE', `${path}/new@example.com`)).status).toBe(404);
    expect(await statusOf(admin, '/v1/people')).toBe(403);
  });

  it('have roles in 500 spaces at most, and may still change one of these', async () => {
    const person = await SignedIn.as(engine, null);
    await engine.apis[0]?.get(Database).sql({
      name: '',
      text: `
        WITH made AS (
          INSERT INTO posthorn.spaces (id, uid, name, profile, created_at, updated_at)
          SELECT gen_random_uuid(), 'many_' || n, 'many', 'native', now(), now() FROM generate_series(1, 500) n
          RETURNING id
        )
        INSERT INTO posthorn.space_roles (person_id, space_id, role)
        SELECT '${parsePublicId('usr', person.id)}', id, 'admin' FROM made`,
    });
    const put = (space: string) =>
      engine.call<Problem>('PUT', `/v1/spaces/${space}/people/${person.id}`, { role: 'viewer' });
    expect(await put(tenant.uid)).toMatchObject({ status: 422, body: { code: 'limit_reached' } });
    expect((await put('many_1')).status).toBe(200);
  });

  it('lose all roles with their access', async () => {
    const person = await SignedIn.as(engine, 'admin');
    await person.inSpace(tenant.uid, 'support');
    await engine.ok('DELETE', `/v1/people/${person.id}`);
    const { data } = await engine.ok<{ data: Person[] }>('GET', `/v1/people?removed=true&q=${person.email}`);
    expect(data).toMatchObject([{ id: person.id, role: null, spaces: [] }]);
  });

  it('lose their roles in a space with it', async () => {
    const person = await SignedIn.as(engine, null);
    await person.inSpace(tenant.uid, 'admin');
    await engine.ok('DELETE', tenant.path(''));
    expect(await engine.ok('GET', `/v1/people/${person.id}`)).toMatchObject({ spaces: [] });
  });
});

describe('what people see', () => {
  it.each(['viewer', 'support', 'operator'] as const)('of header values as %s', async (role) => {
    const headers = { 'x-token': 'very secret' };
    const { id } = await tenant.subscribe('http://127.0.0.1:9/', { headers });
    const person = await SignedIn.as(engine, role);
    const { body } = await person.call<{ headers: object }>('GET', tenant.path(`/subscriptions/${id}`));
    expect(JSON.stringify(body).includes('very secret')).toBe(role === 'operator');
  });
});

describe('the audit log', () => {
  it('names who was signed in, until they are erased', async () => {
    const person = await SignedIn.as(engine, 'operator');
    await person.call('PATCH', tenant.path(''), { name: 'Renamed' });
    const [entry] = await entries(`actor=${person.id}&action=space.update`);
    expect(entry).toMatchObject({
      actor: { kind: 'person', id: person.id, name: person.email },
      via: 'dashboard',
      ip: '127.0.0.1',
    });
    await engine.ok('DELETE', `/v1/people/${person.id}`);
    expect((await entries(`actor=${person.id}&action=space.update`))[0]?.actor.name).toBe(person.email);
    await engine.ok('DELETE', `/v1/people/${person.id}?erase=true`);
    const all = [...(await entries(`actor=${person.id}`)), ...(await entries(`target=${person.id}`))];
    expect(all.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'space.update',
        'session.start',
        'person.create',
        'person.delete',
        'person.erase',
      ]),
    );
    expect(JSON.stringify(all)).not.toContain(person.email);
  });

  it('names nobody by an address that was erased, also of whom it was before', async () => {
    const email = 'returned@example.com';
    const former = await SignedIn.as(engine, 'operator', email);
    await engine.ok('DELETE', `/v1/people/${email}`);
    const now = await SignedIn.as(engine, 'operator', email);
    const kept = await SignedIn.as(engine, 'viewer', 'kept@example.com');
    await engine.ok('DELETE', `/v1/people/${kept.id}`);
    await engine.ok('DELETE', `/v1/people/${email}?erase=true`);
    for (const { id } of [former, now]) {
      const all = [...(await entries(`actor=${id}`)), ...(await entries(`target=${id}`))];
      expect(all.map(({ action }) => action)).toContain('person.erase');
      expect(JSON.stringify(all)).not.toContain(email);
    }
    const removed = await engine.ok<{ data: Person[] }>('GET', '/v1/people?removed=true&q=example.com');
    expect(removed.data.map((one) => one.email)).toContain(kept.email);
    expect(removed.data.map((one) => one.email)).not.toContain(email);
    expect((await engine.call('DELETE', `/v1/people/${email}?erase=true`)).status).toBe(404);
  });

  it('tells of every change of a role', async () => {
    const person = await SignedIn.as(engine, 'viewer');
    await engine.ok('PATCH', `/v1/people/${person.id}`, { role: 'admin' });
    await person.inSpace(tenant.uid, 'support');
    const seen = (await entries(`target=${person.id}`)).map(({ action, before, after }) => ({
      action,
      before,
      after,
    }));
    expect(seen).toEqual([
      { action: 'person.space_role', before: null, after: { role: 'support' } },
      { action: 'person.update', before: { role: 'viewer' }, after: { role: 'admin' } },
      { action: 'person.create', before: null, after: { role: 'viewer' } },
    ]);
  });
});
