import { newUuid, publicId } from '../../src/core/ids.js';
import { ROLES, type Role } from '../../src/core/roles.js';
import { ROUTE_ROLES } from '../../src/spaces/route-roles.js';
import { readRoutes } from '../support/routes.js';
import { SignedIn } from '../support/people.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

/** Routes without a key, which need no role either. */
const PUBLIC = ['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /v1/sign-in'];
const ROUTES = readRoutes()
  .map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
  .filter((route) => !PUBLIC.includes(route));

const { engine, tenant } = useStory({ workers: 0, tenantFor: 'block' });
let people: Record<Role, SignedIn>;

beforeAll(async () => {
  const signedIn = await Promise.all(
    ROLES.map(async (role) => [role, await SignedIn.as(engine, role)] as const),
  );
  people = Object.fromEntries(signedIn) as Record<Role, SignedIn>;
});

/** The route in this space, of things that nobody has. */
function pathOf(route: string, space: string): string {
  const id = newUuid(0);
  const prefixes: Record<string, string> = {
    sub: 'sub',
    delivery: 'dlv',
    person: 'usr',
    session: 'ses',
    key: 'key',
  };
  return (route.split(' ')[1] ?? '').replaceAll(/:(\w+)/g, (_all, name: string) => {
    if (name === 'space') return space;
    return publicId((prefixes[name] ?? 'job') as 'job', id);
  });
}

async function ask(person: SignedIn, route: string, space: string) {
  const [method = ''] = route.split(' ');
  const body = ['GET', 'DELETE'].includes(method) ? undefined : {};
  const { status, body: problem } = await person.call<Problem>(method, pathOf(route, space), body);
  return { status, detail: typeof problem === 'object' ? problem.detail : '' };
}

it('every route of the API has a least role, and the table has no other routes', () => {
  expect([...ROUTE_ROLES.keys()].sort()).toEqual([...new Set(ROUTES)].sort());
});

it.each(ROUTES)('%s is open from its role on, and closed to those below', async (route) => {
  const needed = ROUTE_ROLES.get(route);
  if (needed === undefined) throw new Error(`${route} has no role: add it to src/spaces/route-roles.ts.`);
  const least = needed === 'signed_in' ? 0 : ROLES.indexOf(needed);
  for (const role of ROLES.slice(0, least)) {
    const refused = await ask(people[role], route, tenant.uid);
    expect([role, refused.status]).toEqual([role, 403]);
    expect(refused.detail).toContain(`needs the role "${needed}"`);
  }
  // It may be gone then.
  const { uid } = await Tenant.create(engine);
  for (const role of ROLES.slice(least)) {
    const { status } = await ask(people[role], route, uid);
    expect([role, [401, 403].includes(status), status < 500 || status === 503]).toEqual([role, false, true]);
    if (route === 'DELETE /v1/spaces/:space') break;
  }
});

it.each(ROUTES.filter((route) => route.includes(':space')))(
  '%s goes by the role in that space, and other spaces do not exist',
  async (route) => {
    const needed = ROUTE_ROLES.get(route) as Role;
    const own = await Tenant.create(engine);
    const other = await Tenant.create(engine);
    const person = await SignedIn.as(engine, null);
    await person.inSpace(own.uid, 'viewer');
    const foreign = await ask(person, route, other.uid);
    const missing = await ask(person, route, publicId('spc', newUuid(1)));
    expect(foreign).toEqual({ status: 404, detail: 'The space was not found.' });
    expect(missing).toEqual(foreign);
    if (needed !== 'viewer') expect((await ask(person, route, own.uid)).status).toBe(403);
    await person.inSpace(own.uid, needed);
    expect([401, 403]).not.toContain((await ask(person, route, own.uid)).status);
  },
);

it('who has no role in all spaces sees their own in lists, and nothing of the instance', async () => {
  const person = await SignedIn.as(engine, null);
  await person.inSpace(tenant.uid, 'admin');
  const { body } = await person.call<{ data: { uid: string; tags: string[] }[] }>('GET', '/v1/spaces');
  expect(body.data.map(({ uid }) => uid)).toEqual([tenant.uid]);
  const nobody = await SignedIn.as(engine, null);
  expect((await nobody.call('GET', '/v1/spaces')).body).toEqual({ data: [], nextCursor: null });
  const all = ROUTES.filter((route) => !route.includes(':space') && ROUTE_ROLES.get(route) !== 'signed_in');
  expect(all.length).toBeGreaterThan(15);
  for (const route of all) expect([route, (await ask(person, route, '')).status]).toEqual([route, 403]);
});

it('who has a role in one space alone neither sees nor changes its notes and tags', async () => {
  const own = await Tenant.create(engine);
  const notes = { tags: ['vip-customer'], metadata: { owner: 'Ada' } };
  await engine.ok('PATCH', own.path(''), notes);
  const person = await (await SignedIn.as(engine, null)).inSpace(own.uid, 'admin');
  const renamed = await person.call('PATCH', own.path(''), { name: 'Renamed' });
  expect(renamed).toMatchObject({ status: 200, body: { name: 'Renamed', tags: [], metadata: {} } });
  for (const emptied of [{ tags: [] }, { metadata: {} }])
    expect((await person.call('PATCH', own.path(''), emptied)).status).toBe(403);
  expect(await engine.ok('GET', own.path(''))).toMatchObject({ name: 'Renamed', ...notes });

  const ofAll = await SignedIn.as(engine, 'operator');
  const changed = await ofAll.call('PATCH', own.path(''), { tags: ['former'] });
  expect(changed).toMatchObject({ status: 200, body: { tags: ['former'], metadata: notes.metadata } });
});

it('the notes and tags of a space are in its audit log for operators alone', async () => {
  const own = await Tenant.create(engine);
  await engine.ok('PATCH', own.path(''), { name: 'New', tags: ['vip-customer'], metadata: { owner: 'Ada' } });
  const key = await own.key('manage');
  const person = await (await SignedIn.as(engine, null)).inSpace(own.uid, 'operator');
  for (const path of [
    own.path('/audit'),
    ...['csv', 'ndjson'].map((it) => own.path(`/audit/export?format=${it}`)),
  ]) {
    const read = [
      await engine.call('GET', path, undefined, { key }),
      await person.call('GET', path),
      await engine.call('GET', path),
      await people.operator.call('GET', path),
    ].map(({ body }) => JSON.stringify(body));
    expect(read.map((text) => text.includes('New'))).toEqual([true, true, true, true]);
    expect(read.map((text) => /vip-customer|Ada/.test(text))).toEqual([false, false, true, true]);
  }
});
