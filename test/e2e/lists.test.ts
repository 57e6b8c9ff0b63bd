import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Engine } from '../support/engine.js';
import { Tenant } from '../support/tenant.js';

interface Named {
  id: string;
  uid: string | null;
  url: string;
}

interface List {
  data: Named[];
  nextCursor: string | null;
}

describe('lists are searched and sorted by the engine', () => {
  let engine: Engine;
  let tenant: Tenant;
  const names = ['Alpha 100%', 'Beta_corp', 'Gamma', 'beta two', 'Delta'];

  beforeAll(async () => {
    engine = await Engine.start();
    tenant = await Tenant.create(engine);
    for (const [index, name] of names.entries()) {
      await engine.ok('POST', '/v1/spaces', { name, uid: `list-${index}` });
    }
    for (const [index, host] of ['c', 'a', 'b', 'a', 'd'].entries()) {
      await tenant.subscribe(`https://${host}.example/hook_${index}`, {
        uid: `end-${index}`,
        description: index === 2 ? 'Keeps the CRM up to date' : undefined,
        events: index === 4 ? ['tag.delete'] : ['lead.*'],
      });
    }
  });

  afterAll(() => engine.close());

  /** All pages of two entries each. */
  async function all(path: string): Promise<Named[]> {
    const found: Named[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: List = await engine.ok<List>('GET', `${path}&limit=2${more}`);
      found.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  const spaces = async (query: string) => (await all(`/v1/spaces?${query}`)).map(({ uid }) => uid);
  const subscriptions = async (query: string) =>
    (await all(tenant.path(`/subscriptions?${query}`))).map(({ uid }) => uid);

  it.each([
    ['part of a name, in any case', 'q=BETA', ['list-3', 'list-1']],
    ['part of a uid', 'q=ist-2', ['list-2']],
    ['a percent sign means itself', 'q=%25', ['list-0']],
    ['an underscore means itself', 'q=_corp', ['list-1']],
    ['a backslash means itself', 'q=%5C', []],
    ['nothing fits', 'q=nobody-has-this', []],
  ])('spaces: %s', async (_name, query, expected) => {
    expect(await spaces(query)).toEqual(expected);
  });

  it('spaces: by id, and in the order of names over several pages', async () => {
    const [one] = await all('/v1/spaces?q=Gamma');
    expect(await spaces(`q=${one?.id}`)).toEqual(['list-2']);
    const up = await spaces('q=list-&sort=name&order=asc');
    expect(up).toHaveLength(names.length);
    expect(await spaces('q=list-&sort=name&order=desc')).toEqual([...up].reverse());
    expect(up[0]).toBe('list-0');
  });

  it.each([
    ['part of a URL', 'q=a.example', ['end-3', 'end-1']],
    ['part of a description', 'q=crm', ['end-2']],
    ['part of an event type', 'q=TAG.', ['end-4']],
    ['by URL, those of one host by age', 'sort=url&order=asc', ['end-1', 'end-3', 'end-2', 'end-0', 'end-4']],
    ['none of them fails', 'status=failing', []],
    ['a search within a state', 'status=active&q=end-1', ['end-1']],
  ])('subscriptions: %s', async (_name, query, expected) => {
    expect(await subscriptions(query)).toEqual(expected);
  });

  it('subscriptions: by failures in a row, over several pages', async () => {
    const found = await subscriptions('sort=failures');
    expect(found).toEqual(['end-4', 'end-3', 'end-2', 'end-1', 'end-0']);
  });

  it('a cursor of another order is refused, and so are unknown orders and texts that are too long', async () => {
    const page = await engine.ok<List>('GET', '/v1/spaces?sort=name&limit=1');
    const other = await engine.call('GET', `/v1/spaces?limit=1&cursor=${page.nextCursor}`);
    expect(other.status).toBe(400);
    for (const query of ['sort=secret', `q=${'x'.repeat(201)}`, 'q=a%00b']) {
      expect((await engine.call('GET', `/v1/spaces?${query}`)).status).toBe(422);
      expect((await engine.call('GET', tenant.path(`/subscriptions?${query}`))).status).toBe(422);
    }
  });

  it('says which counts are whole', async () => {
    const overview = await engine.ok('GET', tenant.path('/overview'));
    expect(overview).toMatchObject({
      waiting: { retrying: 0, held: 0, pending: 0 },
      capped: { retrying: false, held: false, pending: false },
    });
    const system = await engine.ok<{ deliveries: object }>('GET', '/v1/system');
    expect(system.deliveries).toMatchObject({ capped: { due: false, retrying: false, held: false } });
  });

  it('sends what is read compressed to who accepts it, and nothing with a secret', async () => {
    const path = tenant.path('/event-types');
    const fetched = (encoding: string, at = path) => rawGet(engine, at, encoding);
    const plain = await fetched('identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.length).toBeGreaterThan(10_000);
    for (const [accepted, encoding, decompress] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ] as const) {
      const answer = await fetched(accepted);
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
      expect(answer.body.length).toBeLessThan(plain.body.length / 3);
      expect(decompress(answer.body).equals(plain.body)).toBe(true);
    }
    for (let made = 0; made < 20; made += 1)
      await engine.ok('POST', tenant.path('/keys'), { name: `k${made}`, scope: 'read' });
    const keys = await fetched('br', tenant.path('/keys'));
    expect(keys.body.length).toBeGreaterThan(1_400);
    expect(keys.headers['content-encoding']).toBeUndefined();
  });
});

/** As it comes over the wire: fetch would decompress it. */
function rawGet(
  engine: Engine,
  path: string,
  encoding: string,
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${engine.adminKey}`, 'accept-encoding': encoding };
    get(`${engine.url}${path}`, { headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}
