import fc from 'fast-check';
import { Judge, type Verdict } from '../support/judge.js';
import { anyText, anyValue, JsonText, listText, objectText } from '../support/hostile-json.js';
import { readRoutes, type Route } from '../support/routes.js';
import { useStory } from '../support/story.js';

/** Values that pass, so that the poison in one field is not hidden behind another one. */
const GOOD: Record<string, string[]> = {
  name: ['"Acme"'],
  uid: ['null'],
  url: ['"http://127.0.0.1:9/"'],
  events: ['["*"]', '["lead.*"]'],
  type: ['"lead.create"'],
  data: ['{"a":1.0}'],
  event: ['"order-1"', '{"type":"lead.create","data":{}}'],
  tag: ['"nobody"'],
  id: ['"order-1"', '"order-2"'],
  occurredAt: ['"2026-01-31T09:00:00Z"'],
  scope: ['"read"', '{"level":"space"}', '{"clientId":"c"}'],
  metadata: ['{"a":"b"}'],
  filter: ['{"a":{"gt":0}}', 'null'],
  headers: ['{"x-a":"b"}'],
  retrySchedule: ['[1]'],
  schema: ['{"type":"object"}'],
  example: ['{"a":1}'],
  backlog: ['"deliver"'],
  overlapSeconds: ['0'],
  since: ['"2026-01-31T09:00:00Z"'],
  expiresInSeconds: ['3600'],
};
const STRAY_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a\0b', '\ud800', 'typo'];

const SEED = Number(process.env.FC_SEED ?? 20_260_131);
const routes = readRoutes();
const withBody = routes.filter(({ fields }) => fields !== null);

let judge: Judge;
const { engine } = useStory({ workers: 0, settings: { testReceiver: true }, tenantFor: 'block' });
/** Our own ids, because a generated body may give the space another uid. */
let known: Record<string, string>;

beforeAll(async () => {
  const make = (method: string, path: string, body: object) => engine.ok<{ id: string }>(method, path, body);
  const space = await make('POST', '/v1/spaces', { name: 'Acme' });
  const path = `/v1/spaces/${space.id}`;
  const sub = await make('POST', `${path}/subscriptions`, { url: 'http://127.0.0.1:9/' });
  const key = await make('POST', `${path}/keys`, { name: 'k', scope: 'read' });
  await make('PUT', `${path}/event-types/my.type`, {});
  const event = await make('POST', `${path}/events`, { type: 'lead.create', data: {} });
  const { data } = await engine.ok<{ data: { id: string }[] }>('GET', `${path}/deliveries`);
  const job = await make('POST', `${path}/subscriptions/${sub.id}/replay`, { since: '2026-01-31T09:00:00Z' });
  const erasure = await make('POST', `${path}/erasures`, { all: true, dryRun: true });
  const hold = await make('POST', `${path}/holds`, { reason: 'r', subjectId: 'somebody else' });
  const link = await make('POST', `${path}/portal-links`, { scope: 'read' });
  const receiver = await make('POST', `${path}/test-receivers`, {});
  const event0 = { type: 'lead.create', data: {} };
  const broadcast = await make('POST', '/v1/broadcasts', { event: event0, tag: 'nobody' });
  const person = await make('POST', '/v1/people', { email: 'somebody@example.com' });
  known = {
    ...{ space: space.id, sub: sub.id, key: key.id, event: event.id, delivery: data[0]?.id ?? '' },
    ...{
      job: job.id,
      erasure: erasure.id,
      hold: hold.id,
      link: link.id,
      receiver: receiver.id,
      broadcast: broadcast.id,
      person: person.id,
      name: 'my.type',
      n: '1',
    },
  };
  judge = await Judge.of(engine);
  engine.beforeClose(() => judge.close());
});

/** Holds for every generated request, or fails with the smallest one found and the seed that finds it again. */
async function holds<T>(input: fc.Arbitrary<T>, send: (input: T) => Promise<Verdict>, numRuns: number) {
  await judge.look();
  await fc.assert(
    fc.asyncProperty(input, async (value) => {
      await send(value);
    }),
    { numRuns, seed: SEED, endOnFailure: false },
  );
}

/** What was taken must not stand in the way later: a filter that cannot be read again would stop every publish. */
afterEach(async () => {
  await engine.ok('POST', fill('/v1/spaces/{space}/events'), { type: 'lead.create', data: {} });
  for (const { method, path } of routes) {
    if (method === 'GET' && !path.endsWith('{n}') && !path.endsWith('{name}'))
      await engine.ok('GET', fill(path) + (REQUIRED[path] ?? (() => ''))());
  }
});

/** The query of routes that cannot do without. */
const REQUIRED: Record<string, () => string> = {
  '/v1/spaces/{space}/recent-deliveries': () => `?subscription=${known.sub}`,
  '/v1/spaces/{space}/subscription-names': () => `?subscription=${known.sub}`,
  '/v1/spaces/{space}/search': () => '?q=x',
  '/v1/search': () => '?q=x',
};

/** The path with real names in it, and `instead` where it says so. */
function fill(path: string, instead: Record<string, string> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => instead[name] ?? known[name] ?? 'x');
}

function bodyOf(fields: string[]): fc.Arbitrary<JsonText> {
  const good = (name: string) =>
    fc.constantFrom(...(GOOD[name] ?? ['null'])).map((text) => [name, new JsonText(text)] as const);
  const names = fc.constantFrom(...fields, ...STRAY_NAMES);
  const poisoned = fc.tuple(names, anyValue);
  const passable = fc.tuple(...fields.filter((name) => name in GOOD).map((name) => fc.option(good(name))));
  const object = fc
    .tuple(passable, fc.array(poisoned, { minLength: 1, maxLength: 3 }), fc.nat(4))
    .map(([plain, poison, dice]) => {
      const taken = new Set(poison.map(([name]) => name));
      const twice = dice === 0;
      const kept = plain.filter((member) => member !== null).filter(([name]) => twice || !taken.has(name));
      return objectText([...kept, ...poison]);
    });
  const list = fc.array(object, { minLength: 1, maxLength: 2 }).map(listText);
  return fc.oneof(
    { weight: 9, arbitrary: object },
    { weight: 1, arbitrary: list },
    { weight: 1, arbitrary: anyValue },
  );
}

describe('whatever the body', () => {
  it.each(withBody.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers in the contract',
    async (_title, { method, path, fields }) => {
      await holds(
        bodyOf(fields ?? []),
        ({ text }) => judge.send({ method, path: fill(path), body: text }),
        100,
      );
    },
  );
});

describe('whatever the address', () => {
  it('a path answers in the contract', async () => {
    const places = routes.flatMap((route) =>
      [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ route, name: name ?? '' })),
    );
    const input = fc.record({ place: fc.constantFrom(...places), text: anyText }).map(({ place, text }) => ({
      method: place.route.method,
      path: fill(place.route.path, { [place.name]: text.replaceAll(/[^!-~]/g, '') }),
    }));
    await holds(input, (request) => judge.send(request), 300);
  });

  it('a query answers in the contract', async () => {
    const gets = routes.filter(({ method }) => method === 'GET');
    const stray = ['__proto__', 'constructor', 'limit[]', 'toString', ''];
    const input = fc
      .constantFrom(...gets, ...gets.filter(({ query }) => query.length > 0), ...listsOf(gets))
      .chain(({ path, query }) => {
        const pair = fc.tuple(fc.constantFrom(...query, ...query, ...stray), anyText);
        return fc
          .array(pair, { minLength: 1, maxLength: 3 })
          .map((pairs) => `${fill(path)}?${pairs.map((each) => each.join('=')).join('&')}`);
      });
    await holds(input, (path) => judge.send({ method: 'GET', path }), 300);
  });

  it('the headers answer in the contract', async () => {
    const names = [
      ...['authorization', 'if-match', 'if-none-match', 'content-type', 'content-encoding', 'accept'],
      ...['x-request-id', 'idempotency-key', 'range', 'expect', 'x-http-method-override', 'cookie', 'origin'],
    ];
    const value = fc.oneof(
      fc.constantFrom('', 'Bearer', 'Bearer ', 'Bearer x', 'Basic YQ==', '"1"', 'W/"1"', '"', ',,', '*'),
      fc.constantFrom('application/json; charset=utf-16', 'application/json; a="', 'gzip', 'text/plain', '/'),
      fc.string({
        unit: fc
          .integer({ min: 0x20, max: 0xff })
          .filter((code) => code !== 0x7f)
          .map((code) => String.fromCharCode(code)),
      }),
      fc.constant('x'.repeat(4_000)),
    );
    const input = fc.record({
      route: fc.constantFrom(...routes),
      headers: fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, maxKeys: 2 }),
    });
    await holds(
      input.filter(({ route }) => route.method !== 'DELETE'),
      ({ route: { method, path, fields }, headers }) =>
        judge.send({ method, path: fill(path), headers, ...(fields && { body: '{}' }) }),
      200,
    );
  });
});

function listsOf(all: Route[]): Route[] {
  return all.filter(({ query }) => query.includes('cursor'));
}
