import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newUuid, publicId } from '../../src/core/ids.js';
import { eventually } from '../support/condition.js';
import type { Answer } from '../support/engine.js';
import { SignedIn } from '../support/people.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

const SCOPES = ['publish', 'read', 'manage'] as const;
type Scope = (typeof SCOPES)[number];
type Access = 'public' | 'any_key' | 'admin' | Scope;

interface Operation {
  'x-posthorn-access'?: Access;
  parameters?: { name: string; in: string }[];
}

const file = join(import.meta.dirname, '../../openapi.json');
const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};

/** Every operation of the document: a new route is walked without a word here. */
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([verb, operation]) => {
    const method = verb.toUpperCase();
    return {
      method,
      path,
      name: `${method} ${path}`,
      access: operation['x-posthorn-access'] ?? 'public',
      query: (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name),
    };
  }),
);
type Route = (typeof operations)[number];
const inSpace = operations.filter(({ path }) => path.includes('{space}'));
// A PUT makes what it names, in the caller's own space.
const ofObjects = inSpace.filter(
  ({ method, path }) => method !== 'PUT' && path.replace('{space}', '').includes('{'),
);
const ofScope = inSpace.filter(({ access }) => access !== 'admin');
const lists = inSpace.filter(({ query }) => query.includes('cursor'));

/** What a call must say to be taken for its ids alone; `{}` where nothing stands here. */
const BODIES: Record<string, object> = {
  'POST /v1/spaces/{space}/events': { type: 'lead.create', data: {} },
  'POST /v1/spaces/{space}/keys': { name: 'x', scope: 'read' },
  'POST /v1/spaces/{space}/portal-links': { scope: 'read' },
  'POST /v1/spaces/{space}/subscriptions': { url: 'http://127.0.0.1:9/' },
  'POST /v1/spaces/{space}/subscriptions/{sub}/test': { type: 'lead.create' },
  'POST /v1/spaces/{space}/subscriptions/{sub}/replay': { since: '2020-01-01T00:00:00Z', dryRun: true },
  'POST /v1/spaces/{space}/deliveries/retry': { status: 'cancelled' },
};

/** Query parameters that name an object, by the path parameter for the same; and those that name none. */
const QUERY_IDS: Record<string, string> = {
  subscription: 'sub',
  event: 'event',
  type: 'name',
  target: 'sub',
  subjectId: 'subject',
};
const QUERY_WORDS = [
  ...[
    'limit',
    'cursor',
    'order',
    'status',
    'since',
    'until',
    'window',
    'after',
    'q',
    'sort',
    'tag',
    'upsertSpace',
    'force',
  ],
  ...['format', 'include', 'header', 'bom', 'actor', 'action', 'targetType'],
  ...['statusCode', 'error', 'trigger', 'state', 'slowerThan', 'response', 'payload'],
];

/** What stands for each path parameter. */
type Ids = Record<string, string>;

const clock = new ManualClock();
let theirs: Tenant;
let myIds: Ids;
const {
  engine,
  tenant: mine,
  receiver,
} = useStory({
  clock,
  settings: { testReceiver: true },
  tenantFor: 'block',
});
/** Each as our ids, and as the names they gave their own objects. */
let theirIds: Ids;
let theirNames: Ids;
let noIds: Ids;
let noNames: Ids;
let myKeys: Record<Scope, string>;
/** Answers of 500 and above, which no request of this file may get. */
const faults: string[] = [];

beforeAll(async () => {
  theirs = await Tenant.create(engine);
  myIds = await fill(mine);
  theirIds = await fill(theirs);
  theirNames = { ...theirIds, space: theirs.uid, sub: 'sub-theirs', event: 'event-theirs' };
  const id = newUuid(clock.now());
  noIds = {
    space: publicId('spc', id),
    sub: publicId('sub', id),
    event: publicId('evt', id),
    delivery: publicId('dlv', id),
    key: publicId('key', id),
    job: publicId('job', id),
    erasure: publicId('job', id),
    hold: publicId('lgh', id),
    subject: 'subject-of-nobody',
    link: publicId('lnk', id),
    broadcast: publicId('brd', id),
    person: publicId('usr', id),
    session: publicId('ses', id),
    receiver: publicId('rcv', id),
    name: 'x.t_000000000000',
    n: '1',
  };
  noNames = { ...noIds, space: 'nobody', sub: 'sub-nobodys', event: 'event-nobodys' };
  myKeys = await keysOf(mine);
});

/** One of everything that can be named, and another one, so that lists have a second page. */
async function fill(tenant: Tenant): Promise<Ids> {
  const whose = tenant === mine ? 'mine' : 'theirs';
  const name = `x.${tenant.uid}`;
  await engine.ok('PUT', tenant.path(`/event-types/${name}`), { description: tenant.uid });
  const marks = { uid: `sub-${whose}`, description: tenant.uid, events: ['lead.create'] };
  const subscription = await tenant.subscribe(receiver.url, marks);
  await tenant.subscribe(receiver.url, { events: ['lead.update'], description: tenant.uid });
  await engine.ok('PATCH', tenant.path(`/subscriptions/${subscription.id}`), { description: tenant.uid });
  const lead = { type: 'lead.create', data: { of: tenant.uid } };
  const event = await tenant.publish({
    ...lead,
    id: `event-${whose}`,
    subjectId: `subject-${whose}`,
  });
  await tenant.publish(lead);
  const key = await engine.ok<{ id: string }>('POST', tenant.path('/keys'), {
    name: tenant.uid,
    scope: 'read',
  });
  await tenant.key('read');
  const delivery = await eventually(async () => {
    const all = await tenant.deliveries();
    const done = all.length === 2 && all.every((one) => one.status === 'succeeded');
    return done && all.find((one) => one.eventId === event.id);
  });
  const replay = () =>
    engine.ok<{ id: string }>('POST', tenant.path(`/subscriptions/${subscription.id}/replay`), {
      since: '2020-01-01T00:00:00Z',
      dryRun: true,
    });
  const job = await replay();
  await replay();
  const erase = () =>
    engine.ok<{ id: string }>('POST', tenant.path('/erasures'), { events: [event.id], dryRun: true });
  const erasure = await erase();
  await erase();
  const keep = () =>
    engine.ok<{ id: string }>('POST', tenant.path('/holds'), {
      reason: tenant.uid,
      subjectId: 'somebody else',
    });
  const hold = await keep();
  await keep();
  const testReceiver = await engine.ok<{ id: string }>('POST', tenant.path('/test-receivers'));
  const links = tenant.path('/portal-links');
  const link = await engine.ok<{ id: string }>('POST', links, { scope: 'read' });
  await engine.ok('POST', links, { scope: 'read' });
  const broadcast = await engine.ok<{ id: string }>('POST', '/v1/broadcasts', { event: lead, tag: 'nobody' });
  const { id: space } = await engine.ok<{ id: string }>('GET', tenant.path(''));
  const person = await SignedIn.as(engine, null);
  await person.inSpace(space, 'viewer');
  const [session] = (await engine.ok<{ data: { id: string }[] }>('GET', `/v1/sessions?person=${person.id}`))
    .data;
  return {
    space,
    sub: subscription.id,
    event: event.id,
    delivery: delivery?.id ?? '',
    key: key.id,
    job: job.id,
    erasure: erasure.id,
    hold: hold.id,
    subject: `subject-${whose}`,
    link: link.id,
    receiver: testReceiver.id,
    broadcast: broadcast.id,
    person: person.id,
    session: session?.id ?? '',
    name,
    n: '1',
  };
}

async function keysOf(tenant: Tenant): Promise<Record<Scope, string>> {
  const keys = await Promise.all(SCOPES.map(async (scope) => [scope, await tenant.key(scope)]));
  return Object.fromEntries(keys) as Record<Scope, string>;
}

function pathWith(path: string, ids: Ids): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined)
      throw new Error(`No id stands for {${name}} of ${path}: make such an object in fill() of this test.`);
    return encodeURIComponent(id);
  });
}

async function ask(route: Route, ids: Ids, key: string, query = ''): Promise<Answer<Problem>> {
  const body = ['GET', 'DELETE'].includes(route.method) ? undefined : (BODIES[route.name] ?? {});
  const headers: Record<string, string> = key === '' ? { authorization: '' } : {};
  const answer = await engine.call<Problem>(route.method, pathWith(route.path, ids) + query, body, {
    key,
    headers,
  });
  if (answer.status >= 500) faults.push(`${route.name}: ${answer.status}`);
  return answer;
}

/** The smallest key of mine that may do such a thing in my own space; the operator's where it takes that. */
function keyFor(access: Access): string {
  if (access === 'admin') return engine.adminKey;
  return access === 'public' || access === 'any_key' ? myKeys.read : myKeys[access];
}

/** What a caller sees of a refusal, the request's own id left out. */
function seen({ status, headers, body }: Answer<Problem>) {
  const names = [...headers.keys()];
  return { status, body, names, type: headers.get('content-type'), length: headers.get('content-length') };
}

function expectMissing(route: Route, answer: Answer<Problem>): void {
  if (answer.status === 422)
    throw new Error(`${route.name} wants more than ids (${answer.body.detail}): add its body to BODIES.`);
  expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
}

describe('every route', () => {
  it.each(operations)('$name: needs a key unless it is public', async (route) => {
    const { status, body } = await ask(route, theirIds, '');
    if (route.access === 'public') expect(status).toBe(200);
    else expect([status, body.code]).toEqual([401, 'unauthorized']);
  });

  it.each(operations.filter(({ access }) => !['public', 'any_key'].includes(access)))(
    '$name: is refused to a key of another scope, and foreign spaces stay unknown to it',
    async (route) => {
      for (const scope of SCOPES) {
        if (scope === route.access || (scope === 'manage' && route.access !== 'admin')) continue;
        const { status, body } = await ask(route, myIds, myKeys[scope]);
        expect([status, body.code]).toEqual([403, 'forbidden']);
        const foreign = await ask(route, theirIds, myKeys[scope]);
        if (route.access === 'admin') expect(foreign.status).toBe(403);
        else if (route.path.includes('{space}')) expectMissing(route, foreign);
      }
    },
  );
});

describe('a space of somebody else', () => {
  it.each(inSpace)('$name: is one that does not exist, by its id and by its uid', async (route) => {
    for (const key of route.access === 'admin' ? Object.values(myKeys) : [keyFor(route.access)]) {
      for (const [their, no] of [
        [theirIds, noIds],
        [theirNames, noNames],
      ] as const) {
        const foreign = await ask(route, their, key);
        const missing = await ask(route, { ...their, space: no.space ?? '' }, key);
        expect(seen(foreign)).toEqual(seen(missing));
        // The operator's calls say 403 to every space key, before they look at the space.
        if (route.access !== 'admin') expectMissing(route, foreign);
      }
    }
  });
});

describe('an object of somebody else', () => {
  it.each(ofObjects)('$name: is one that does not exist, by its id and by its name', async (route) => {
    const space = myIds.space ?? '';
    for (const [their, no] of [
      [theirIds, noIds],
      [theirNames, noNames],
    ] as const) {
      const foreign = await ask(route, { ...their, space }, keyFor(route.access));
      const missing = await ask(route, { ...no, space }, keyFor(route.access));
      expectMissing(route, foreign);
      expect(seen(foreign)).toEqual(seen(missing));
    }
  });

  it.each([
    ...ofObjects.map((route) => ({ ...route, what: 'object' })),
    ...ofScope.slice(0, 1).map((route) => ({ ...route, what: 'space' })),
  ])('$name: takes as long to be missing as one that never was ($what)', async ({ what, ...route }) => {
    const space: Ids = what === 'space' ? {} : { space: myIds.space ?? '' };
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < 160; round += 1) {
      // Theirs first, then none's; none's first, then theirs: whatever comes every other request hits both.
      const which = Math.ceil(round / 2) % 2;
      const ids = { ...(which === 0 ? theirIds : noIds), ...space };
      const from = performance.now();
      await ask(route, ids, keyFor(route.access));
      times[which]?.push(performance.now() - from);
    }
    // The fastest quarter: a machine with others adds to the rest.
    const [foreign = 0, missing = 1] = times.map((all) => all.toSorted((a, b) => a - b)[20]);
    expect(foreign / missing).toBeGreaterThan(0.5);
    expect(foreign / missing).toBeLessThan(2);
  });

  it('is not what the same name means in a space of my own', async () => {
    const own = await Tenant.create(engine);
    const { id } = await own.subscribe(receiver.url, { uid: 'sub-theirs' });
    expect(id).not.toBe(theirIds.sub);
    expect(await own.subscription('sub-theirs')).toMatchObject({ id });
    // Not a duplicate of theirs, though both the id and the body are the same.
    const event = { type: 'lead.create', data: { of: theirs.uid }, id: 'event-theirs' };
    expect(await own.publish(event)).toMatchObject({ duplicate: false, deliveries: 1 });
    // An id of ours is nobody's to choose, whoever's it is.
    const refused = await engine.call('POST', own.path('/events'), { ...event, id: theirIds.event });
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed']);
    const name = theirIds.name ?? '';
    await engine.ok('PUT', own.path(`/event-types/${name}`), { description: 'Mine.' });
    await engine.ok('DELETE', own.path(`/event-types/${name}`));
  });

  it('is still there, and as it was, after all that', async () => {
    expect(await theirs.subscription('sub-theirs')).toMatchObject({
      id: theirIds.sub,
      status: 'active',
      description: theirs.uid,
    });
    expect(await theirs.delivery(theirIds.delivery ?? '')).toMatchObject({
      status: 'succeeded',
      attemptCount: 1,
    });
    const type = await engine.ok('GET', theirs.path(`/event-types/${theirIds.name}`));
    expect(type).toMatchObject({ description: theirs.uid });
    const keys = await engine.ok<{ data: unknown[] }>('GET', theirs.path('/keys'));
    expect(keys.data).toHaveLength(2);
  });
});

describe('a list', () => {
  it.each(lists)('$name: refuses a cursor of somebody else', async (route) => {
    const page = await engine.ok<{ nextCursor: string; data: object[] }>(
      'GET',
      `${pathWith(route.path, theirIds)}?limit=1`,
    );
    expect(page.nextCursor).not.toBeNull();
    for (const key of [keyFor(route.access), engine.adminKey]) {
      const { status, body } = await ask(route, myIds, key, `?cursor=${page.nextCursor}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
  });

  it.each(inSpace.filter(({ query }) => query.length > 0))(
    '$name: takes an id of somebody else for one that never was',
    async (route) => {
      for (const parameter of route.query) {
        if (QUERY_WORDS.includes(parameter)) continue;
        const name = QUERY_IDS[parameter];
        if (name === undefined)
          throw new Error(`Say in QUERY_IDS or QUERY_WORDS of this test what ?${parameter}= stands for.`);
        for (const [their, no] of [
          [theirIds[name], noIds[name]],
          [theirNames[name], noNames[name]],
        ]) {
          const answers = await Promise.all(
            [their, no].map((id) => ask(route, myIds, keyFor(route.access), `?${parameter}=${id}`)),
          );
          const [foreign, missing] = answers.map(({ status, body }, index) => ({
            status,
            body: JSON.stringify(body).replaceAll([their, no][index] ?? '', '<id>'),
          }));
          expect(foreign).toEqual(missing);
          expect(foreign?.body).not.toContain(theirs.uid);
        }
      }
    },
  );

  it.each(lists)('$name: has nothing of somebody else in it', async (route) => {
    const all = await ask(route, myIds, keyFor(route.access), '?limit=250');
    expect(all.status).toBe(200);
    const text = JSON.stringify(all.body);
    for (const id of [theirs.uid, ...Object.values(theirIds).filter((one) => one.length > 1)])
      expect(text).not.toContain(id);
  });
});

describe('a walk over every route with a key that opens it', () => {
  it('never ends in a fault of ours', async () => {
    const own = await Tenant.create(engine);
    const ids = await fill(own);
    // What a DELETE takes away nobody can ask for any more; the space, whose path is the shortest, goes last.
    const removals = operations.filter(({ method }) => method === 'DELETE');
    const others = operations.filter(({ method }) => method !== 'DELETE');
    for (const route of [...others, ...removals.toSorted((a, b) => b.path.length - a.path.length)])
      await ask(route, ids, engine.adminKey);
    expect(faults).toEqual([]);
  });
});
