import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newUuid, publicId } from '../../src/core/ids.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant, type Problem } from '../support/tenant.js';

type Access = 'public' | 'admin' | 'publish' | 'read' | 'manage' | 'any key';

interface Operation {
  'x-posthorn-access': Access;
  parameters?: { name: string; in: string }[];
}

const file = join(import.meta.dirname, '../../openapi.json');
const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};

/** Every operation of the document: a new route is covered without a word here. */
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    name: `${method.toUpperCase()} ${path}`,
    access: operation['x-posthorn-access'],
    query: (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name),
  })),
);
const inSpace = operations.filter(({ path }) => path.includes('{space}'));
// A PUT makes what it names, in the caller's own space.
const withObject = inSpace.filter(
  ({ method, path }) => method !== 'PUT' && path.replace('{space}', '').includes('{'),
);
const lists = inSpace.filter(({ query }) => query.includes('cursor'));

/** What stands for each path parameter: ids of one space's objects. */
type Ids = Record<string, string>;

let engine: Engine;
let receiver: Receiver;
let mine: Tenant;
let theirs: Tenant;
let myIds: Ids;
let theirIds: Ids;
let noIds: Ids;
const myKeys: Record<string, string> = {};

beforeAll(async () => {
  engine = await Engine.start();
  receiver = await startReceiver();
  mine = await Tenant.create(engine);
  theirs = await Tenant.create(engine);
  myIds = await fill(mine);
  theirIds = await fill(theirs);
  const id = newUuid(Date.now());
  noIds = {
    space: 'nobody',
    sub: publicId('sub', id),
    event: publicId('evt', id),
    delivery: publicId('dlv', id),
    key: publicId('key', id),
    name: 'x.nothing',
    n: '1',
  };
  for (const scope of ['publish', 'read', 'manage'] as const) myKeys[scope] = await mine.key(scope);
});

afterAll(async () => {
  await engine.close();
  await receiver.close();
});

/** One of everything, twice, so that lists have a second page. */
async function fill(tenant: Tenant): Promise<Ids> {
  const name = `x.${tenant.uid}`;
  await engine.ok('PUT', tenant.path(`/event-types/${name}`), { description: 'Ours alone.' });
  const subscription = await tenant.subscribe(receiver.url, { events: ['lead.create'] });
  await tenant.subscribe(receiver.url, { events: ['lead.update'] });
  const event = await tenant.publish({ type: 'lead.create', data: { secret: tenant.uid } });
  await tenant.publish({ type: 'lead.create', data: { secret: tenant.uid } });
  await tenant.key('read');
  const key = await engine.ok<{ id: string }>('POST', tenant.path('/keys'), { name: 'x', scope: 'read' });
  const [delivery] = await eventually(async () => {
    const all = await tenant.deliveries();
    return all.length === 2 && all.every((one) => one.status === 'succeeded') && all;
  });
  return {
    space: tenant.uid,
    sub: subscription.id,
    event: event.id,
    delivery: delivery?.id ?? '',
    key: key.id,
    name,
    n: '1',
  };
}

function pathWith(path: string, ids: Ids): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`Say in this test which ids stand for {${name}} of ${path}.`);
    return encodeURIComponent(id);
  });
}

function bodyOf(method: string): object | undefined {
  return method === 'GET' || method === 'DELETE' ? undefined : {};
}

/** A key of mine that may do such a thing in my own space. */
function keyFor(access: Access): string {
  return myKeys[access] ?? myKeys.manage ?? '';
}

const call = (method: string, path: string, key: string) =>
  engine.call<Problem>(method, path, bodyOf(method), { key });

describe('every route', () => {
  it.each(operations)('$name: needs a key unless it is public', async ({ method, path, access }) => {
    const { status, body } = await engine.call<Problem>(method, pathWith(path, theirIds), bodyOf(method), {
      headers: { authorization: '' },
    });
    if (access === 'public') expect(status).toBe(200);
    else expect([status, body.code]).toEqual([401, 'unauthorized']);
  });

  it.each(operations.filter(({ access }) => access === 'manage' || access === 'admin'))(
    '$name: is refused to a key of a smaller scope, and changes nothing',
    async ({ method, path, access }) => {
      for (const key of [myKeys.publish, myKeys.read, ...(access === 'admin' ? [myKeys.manage] : [])]) {
        const { status, body } = await call(method, pathWith(path, myIds), key ?? '');
        expect([status, body.code]).toEqual([403, 'forbidden']);
      }
    },
  );
});

describe('a space of somebody else', () => {
  it.each(inSpace.filter(({ access }) => access !== 'admin'))(
    '$name: is one that does not exist',
    async ({ method, path, access }) => {
      const answers = [theirIds.space, noIds.space].map((space) =>
        call(method, pathWith(path, { ...theirIds, space: space ?? '' }), keyFor(access)),
      );
      const [foreign, missing] = await Promise.all(answers);
      expect(foreign?.status).toBe(404);
      expect(foreign?.body.code).toBe('not_found');
      expect([foreign?.status, foreign?.body]).toEqual([missing?.status, missing?.body]);
    },
  );
});

describe('an object of somebody else', () => {
  it.each(withObject)('$name: is one that does not exist', async ({ method, path, access }) => {
    const key = access === 'admin' ? engine.adminKey : keyFor(access);
    const ask = (ids: Ids) => call(method, pathWith(path, { ...ids, space: myIds.space ?? '' }), key);
    const foreign = await ask(theirIds);
    const missing = await ask(noIds);
    expect(foreign.status).toBe(404);
    expect([foreign.status, foreign.body]).toEqual([missing.status, missing.body]);
    expect([...foreign.headers.keys()]).toEqual([...missing.headers.keys()]);
  });

  it.each(withObject)('$name: takes as long to be missing', async ({ method, path, access }) => {
    const key = keyFor(access);
    const times: Record<'foreign' | 'missing', number[]> = { foreign: [], missing: [] };
    const one = async (kind: 'foreign' | 'missing', ids: Ids) => {
      const from = performance.now();
      await call(method, pathWith(path, { ...ids, space: myIds.space ?? '' }), key);
      times[kind].push(performance.now() - from);
    };
    for (let round = 0; round < 40; round += 1) {
      await one('foreign', theirIds);
      await one('missing', noIds);
    }
    const median = (all: number[]) => all.toSorted((a, b) => a - b)[20] ?? 0;
    const ratio = median(times.foreign) / median(times.missing);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('is still there, and as it was, after all that', async () => {
    expect(await theirs.subscription(theirIds.sub ?? '')).toMatchObject({ status: 'active' });
    expect(await theirs.delivery(theirIds.delivery ?? '')).toMatchObject({
      status: 'succeeded',
      attemptCount: 1,
    });
    const type = await engine.ok('GET', theirs.path(`/event-types/${theirIds.name}`));
    expect(type).toMatchObject({ description: 'Ours alone.' });
  });
});

describe('a list', () => {
  const ids = (answer: unknown) => (answer as { data: { id: string }[] }).data.map(({ id }) => id);

  it.each(lists.filter(({ access }) => access !== 'admin'))(
    '$name: shows nothing of somebody else, whatever cursor or filter it is given',
    async ({ path, query }) => {
      const foreign = new Set(ids(await engine.ok('GET', `${pathWith(path, theirIds)}?limit=250`)));
      const page = await engine.ok<{ nextCursor: string }>('GET', `${pathWith(path, theirIds)}?limit=1`);
      expect(page.nextCursor).not.toBeNull();
      const filters = {
        cursor: page.nextCursor,
        subscription: theirIds.sub,
        event: theirIds.event,
        type: theirIds.name,
      };
      for (const [name, value] of Object.entries(filters)) {
        if (!query.includes(name)) continue;
        const asked = `${pathWith(path, myIds)}?${name}=${encodeURIComponent(value ?? '')}`;
        const { status, body } = await call('GET', asked, myKeys.manage ?? '');
        expect(status).toBeLessThan(500);
        if (status === 200) expect(ids(body).filter((id) => foreign.has(id))).toEqual([]);
        expect(JSON.stringify(body)).not.toContain(theirs.uid);
      }
    },
  );
});

describe('a key', () => {
  it('is refused at once when it is revoked, also by another process', async () => {
    const other = await engine.startApi();
    const { id, key } = await engine.ok<{ id: string; key: string }>('POST', mine.path('/keys'), {
      name: 'short',
      scope: 'read',
    });
    for (const url of [engine.url, other]) {
      expect((await engine.call('GET', mine.path('/events'), undefined, { key, url })).status).toBe(200);
    }
    await engine.ok('DELETE', mine.path(`/keys/${id}`));
    for (const url of [other, engine.url]) {
      expect((await engine.call('GET', mine.path('/events'), undefined, { key, url })).status).toBe(401);
    }
  });
});
