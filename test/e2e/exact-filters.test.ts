import { Database } from '../../src/database/database.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant } = useStory({ workers: 0 });

/** A call whose body and answer are texts: parsed, their numbers would be doubles. */
async function callText(method: string, path: string, body?: string, headers = {}) {
  const response = await fetch(engine.url + tenant.path(path), {
    method,
    headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
  return { status: response.status, text, etag: response.headers.get('etag') ?? '' };
}

const filterIn = (text: string) => /"filter":(\{.*?\}|null),"headers"/.exec(text)?.[1];
const publish = (data: string) => tenant.publish(`{"type":"lead.create","data":${data}}`);

const LONG = [
  '9007199254740993',
  '1497549923779084388',
  '0.10000000000000000001',
  '-9007199254740993.5',
  '123456789012345678901234567890',
];

describe("a filter's numbers", () => {
  it.each(LONG)('%s is stored, shown and matched as it was written', async (number) => {
    const body = `{"url":"http://127.0.0.1:9/","uid":"s","filter":{"n": ${number} }}`;
    const created = await callText('POST', '/subscriptions', body);
    expect([created.status, filterIn(created.text)]).toEqual([201, `{"n":${number}}`]);
    const read = await callText('GET', '/subscriptions/s');
    expect(filterIn(read.text)).toBe(`{"n": ${number}}`.replace(': ', ':'));
    expect(filterIn((await callText('GET', '/subscriptions')).text)).toBe(`{"n":${number}}`);
    // Back again as it came, with what was read.
    const patch = await callText('PATCH', '/subscriptions/s', `{"filter":${filterIn(read.text)}}`, {
      'if-match': read.etag,
    });
    expect([patch.status, filterIn(patch.text)]).toEqual([200, `{"n":${number}}`]);
    expect(await publish(`{"n":${number}}`)).toMatchObject({ deliveries: 1 });
    expect(await publish(`{"n":${Number(number)}}`)).toMatchObject({ deliveries: 0 });
    expect(await publish(`{"n":"${number}"}`)).toMatchObject({ deliveries: 0 });
  });

  it('is changed by a change that a double would not see', async () => {
    await callText(
      'POST',
      '/subscriptions',
      '{"url":"http://127.0.0.1:9/","uid":"s","filter":{"n":9007199254740992}}',
    );
    const changed = await callText('PATCH', '/subscriptions/s', '{"filter":{"n":9007199254740993}}');
    expect(filterIn(changed.text)).toBe('{"n":9007199254740993}');
    expect(filterIn((await callText('GET', '/subscriptions/s')).text)).toBe('{"n":9007199254740993}');
    for (const call of ['pause', 'resume'])
      expect(filterIn((await callText('POST', `/subscriptions/s/${call}`)).text)).toBe(
        '{"n":9007199254740993}',
      );
    expect(await publish('{"n":9007199254740992}')).toMatchObject({ deliveries: 0 });
    expect(await publish('{"n":9007199254740993}')).toMatchObject({ deliveries: 1 });
  });

  it.each([
    ['{"gt":9007199254740992}', '9007199254740993', '9007199254740992'],
    ['{"lt":0.10000000000000000001}', '0.1', '0.10000000000000000001'],
    ['{"in":[1,1497549923779084388]}', '1497549923779084388', '1497549923779084300'],
    ['{"not":1497549923779084388}', '1497549923779084300', '1497549923779084388'],
    ['{"gte":1e2,"lte":100.0}', '100.00', '100.00000000000000000001'],
    ['{"gt":1e308}', '1e999999999', '1e307'],
    ['{"gt":0}', '1e-999999999', '-0'],
  ])('in %s lets %s through, and not %s', async (test, yes, no) => {
    await tenant.subscribe('http://127.0.0.1:9/', { uid: 's' });
    expect((await callText('PATCH', '/subscriptions/s', `{"filter":{"deep.n":${test}}}`)).status).toBe(200);
    const wanted = await publish(`{"deep":{"n":${yes}}}`);
    const other = await publish(`{"deep":{"n":${no}}}`);
    expect([wanted.deliveries, other.deliveries]).toEqual([1, 0]);
    const reasonOf = async (id: string) =>
      (await engine.ok<{ data: object[] }>('GET', tenant.path(`/events/${id}/routing`))).data;
    expect(await reasonOf(wanted.id)).toMatchObject([{ matched: true }]);
    expect(await reasonOf(other.id)).toMatchObject([{ matched: false, reason: 'filter:deep.n' }]);
  });

  it.each(['1e400', '-1e400', '1e-500', `0.${'1'.repeat(1_000)}`])('%s is refused', async (number) => {
    for (const filter of [number, `{"gt":${number}}`, `{"in":[${number}]}`]) {
      const { status, text } = await callText(
        'POST',
        '/subscriptions',
        `{"url":"http://127.0.0.1:9/","filter":{"n":${filter}}}`,
      );
      expect([status, (JSON.parse(text) as Problem).code]).toEqual([422, 'validation_failed']);
    }
  });

  it('decide in a campaign that a product numbers', async () => {
    await tenant.open('smartlead');
    const scope = { level: 'campaign', campaignId: '1497549923779084388' };
    await tenant.subscribe('http://127.0.0.1:9/', { scope });
    const send = (id: string) => tenant.publish(`{"type":"EMAIL_REPLY","data":{"campaign_id":${id}}}`);
    expect(await send('1497549923779084388')).toMatchObject({ deliveries: 1 });
    expect(await send('1497549923779084389')).toMatchObject({ deliveries: 0 });
  });
});

describe("a filter's paths", () => {
  it('reach keys with dots, and filters of before mean what they meant', async () => {
    await tenant.subscribe('http://127.0.0.1:9/', { uid: 's', filter: { 'lead["a.b"].c': 1 } });
    expect(await publish('{"lead":{"a.b":{"c":1}}}')).toMatchObject({ deliveries: 1 });
    expect(await publish('{"lead":{"a":{"b":{"c":1}}}}')).toMatchObject({ deliveries: 0 });
    const { body } = await engine.call<Problem>('PATCH', tenant.path('/subscriptions/s'), {
      filter: { 'a["b"]c': 1 },
    });
    expect(body.errors).toMatchObject([{ path: 'filter["a[\\"b\\"]c"]', code: 'invalid_filter' }]);
    const database = engine.apis[0]?.get(Database) as Database;
    const text = `UPDATE posthorn.subscriptions SET filter = '{"a[\\"b\\"]c":1}' WHERE uid = 's' RETURNING id`;
    await database.sql({ name: 'old_filter', text });
    await engine.ok('PATCH', tenant.path('/subscriptions/s'), { description: 'as it was' });
    expect(await publish('{"a[\\"b\\"]c":1}')).toMatchObject({ deliveries: 1 });
  });
});
