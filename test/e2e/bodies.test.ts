import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import { startReceiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

let status = 200;
const { engine, tenant, receiver } = useStory({ answer: () => ({ status }) });
beforeEach(() => {
  status = 200;
});

const DATA = { lead: { email: 'ann@acme.io', score: 7, tags: ['a b', 'é'] }, note: null };
const template = (text: string, fields: object = {}) => ({
  body: { format: 'template', template: text },
  ...fields,
});
/** Passes with the example, which has no such field, and does not end with data that has it. */
const ENDLESS = '($f := function($n) { $n = 0 ? 0 : $f($n + 1) }; {"n": $exists(data.endless) ? $f(1) : 0})';

async function sent(count = 1) {
  await eventually(() => receiver.requests.length >= count);
  return receiver.requests.at(-1) as (typeof receiver.requests)[number];
}

async function attempt(n = 1) {
  const [delivery] = await tenant.deliveries();
  return engine.ok<{
    errorCode: string | null;
    errorDetail: string | null;
    request: { method: string; headers: string[][]; body: string };
  }>('GET', tenant.path(`/deliveries/${delivery?.id}/attempts/${n}`));
}

describe('the body of a request', () => {
  it.each<[string, object, string, RegExp | string]>([
    ['the envelope', {}, 'application/json', /^\{"type":"lead.create","timestamp":"[^"]+","data":\{.*\}\}$/],
    ['the data alone', { body: { format: 'data' } }, 'application/json', '{"n":1.0,"big":9007199254740993}'],
    [
      'a template',
      template('{"text": type & " " & data.n, "id": id}'),
      'application/json',
      /^\{"text":"lead\.create 1","id":"evt_\w+"\}$/,
    ],
    [
      'a form of the data',
      { body: { format: 'data' }, contentType: 'form' },
      'application/x-www-form-urlencoded',
      'n=1&big=9007199254740993',
    ],
    [
      'a form of the envelope',
      { contentType: 'form' },
      'application/x-www-form-urlencoded',
      /^type=lead\.create&timestamp=[^&]+&data%5Bn%5D=1&data%5Bbig%5D=9007199254740993$/,
    ],
    [
      'a form of a template',
      template('{"a": {"b": [1, "x y"]}}', { contentType: 'form', method: 'PUT' }),
      'application/x-www-form-urlencoded',
      'a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D=x+y',
    ],
  ])('is %s, and is what was signed', async (_what, fields, type, expected) => {
    const { secret } = await tenant.subscribe(receiver.url, fields);
    await tenant.publish('{"type":"lead.create","data":{"n":1.0,"big":9007199254740993}}');
    const { body, headers, method } = await sent();
    expect(body.toString()).toMatch(expected);
    if (typeof expected === 'string') expect(body.toString()).toBe(expected);
    expect(headers['content-type']).toBe(type);
    expect(method).toBe((fields as { method?: string }).method ?? 'POST');
    const proof = Buffer.from(secret.slice(6), 'base64');
    expect(proof.length).toBeGreaterThan(20);
    const signature = new Webhook(secret).sign(
      String(headers['webhook-id']),
      new Date(Number(headers['webhook-timestamp']) * 1_000),
      body.toString(),
    );
    expect(headers['webhook-signature']).toBe(signature);
    await eventually(async () =>
      expect(await attempt()).toMatchObject({ request: { method, body: body.toString() } }),
    );
  });

  it('is the same for each attempt, whatever a template asks for', async () => {
    status = 500;
    await tenant.subscribe(receiver.url, {
      ...template('{"at": $now(), "ms": $millis()}', { method: 'PATCH' }),
      retrySchedule: [0],
    });
    await tenant.publish({ type: 'lead.create', data: DATA });
    await sent(2);
    const [one, two] = receiver.requests;
    expect(two?.body.toString()).toBe(one?.body.toString());
    expect([one?.method, two?.method]).toEqual(['PATCH', 'PATCH']);
  });

  it.each([
    ['slack', { text: '*lead.create*\n• a&lt;b: 1\n• lead.email: &lt;ann@acme.io&gt;' }],
    [
      'discord',
      {
        content: '**lead.create**\n- a<b: 1\n- lead.email: <ann@acme.io\\>',
        allowed_mentions: { parse: [] },
      },
    ],
  ])('is a message for %s', async (format, expected) => {
    await tenant.subscribe(receiver.url, { body: { format } });
    await tenant.publish({ type: 'lead.create', data: { 'a<b': 1, lead: { email: '<ann@acme.io>' } } });
    expect(JSON.parse((await sent()).body.toString())).toEqual(expected);
  });

  it('is an adaptive card for teams', async () => {
    await tenant.subscribe(receiver.url, { body: { format: 'teams' } });
    await tenant.publish({ type: 'lead.create', data: DATA });
    expect(JSON.parse((await sent()).body.toString())).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            body: [
              { type: 'TextBlock', text: 'lead.create' },
              { type: 'FactSet', facts: expect.arrayContaining([{ title: 'lead.score', value: '7' }]) },
            ],
          },
        },
      ],
    });
  });
});

describe('a template', () => {
  it.each<[string, object, string, RegExp]>([
    ['no expression', template('{"a": '), 'body.template', /character/],
    ['no value', template('data.nothing'), 'body.template', /gives no value/],
    ['chance', template('{"n": $random()}'), 'body.template', /\$random is not available/],
    ['a program in it', template('$eval("1")'), 'body.template', /\$eval is not available/],
    ['an error', template('$error("what I say")'), 'body.template', /what I say/],
    ['nothing', { body: { format: 'template' } }, 'body.template', /required/],
    ['another format', { body: { format: 'data', template: '1' } }, 'body.template', /Remove it/],
    ['too many characters', template('x'.repeat(16_385)), 'body.template', /16384/],
    ['a form without names', template('[1]', { contentType: 'form' }), 'body.template', /object/],
  ])('is refused with %s, and says why', async (_what, fields, path, message) => {
    const answer = await engine.call<Problem>('POST', tenant.path('/subscriptions'), {
      url: receiver.url,
      ...fields,
    });
    expect(answer).toMatchObject({ status: 422 });
    const [issue] = answer.body.errors ?? [];
    expect(issue?.path).toBe(path);
    expect(issue?.message).toMatch(message);
    expect(await engine.ok('GET', tenant.path('/subscriptions'))).toMatchObject({ data: [] });
  });

  it('that never ends, or takes all memory, is refused', async () => {
    for (const text of [
      '($f := function($n) { $f($n + 1) }; $f(1))',
      '$map([1..9999999], function($i) { [1..9999999] })',
    ])
      expect(
        await engine.call('POST', tenant.path('/subscriptions'), { url: receiver.url, ...template(text) }),
      ).toMatchObject({ status: 422, body: { errors: [{ code: 'template_failed' }] } });
  });

  it('that fails is an error of its own, counts nothing against the endpoint, and is tried again', async () => {
    const { id } = await tenant.subscribe(receiver.url, {
      ...template('{"n": $number(data.price)}'),
      events: ['list.create'],
      retrySchedule: [1],
    });
    await tenant.publish({ type: 'list.create', data: { price: 'free' } });
    await eventually(async () => expect((await tenant.deliveries())[0]).toMatchObject({ attemptCount: 1 }));
    expect(await attempt()).toMatchObject({
      errorCode: 'template_failed',
      errorDetail: expect.stringContaining('free'),
      request: { headers: [], body: expect.stringContaining('"data":{"price":"free"}') },
    });
    await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), template('{"n": data.price}'));
    await engine.ok('POST', tenant.path(`/deliveries/${(await tenant.deliveries())[0]?.id}/retry`));
    expect((await sent()).body.toString()).toBe('{"n":"free"}');
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
  });

  it('whose error has a NUL holds up the failures of nobody', async () => {
    const other = await Tenant.create(engine);
    const theirs = await startReceiver(() => ({ status: 500 }));
    await other.subscribe(theirs.url, { retrySchedule: [] });
    await tenant.subscribe(receiver.url, {
      ...template('$exists(data.bad) ? $error("a" & $decodeUrlComponent("%00") & "b") : {}'),
      retrySchedule: [],
    });
    await tenant.publish({ type: 'lead.create', data: { bad: 1 } });
    await other.publish({ type: 'lead.create', data: {} });
    await tenant.onlyDelivery({ status: 'failed', lastError: 'template_failed' });
    expect(await attempt()).toMatchObject({ errorDetail: expect.stringContaining('a\ufffdb') });
    await other.onlyDelivery({ status: 'failed', lastError: 'http_500' });
    await theirs.close();
  });

  it('that does not end delays nobody else', async () => {
    const other = await Tenant.create(engine);
    const theirs = await startReceiver();
    await other.subscribe(theirs.url, template('{"n": data.n}'));
    await tenant.subscribe(receiver.url, { ...template(ENDLESS), pauseAfter: 1 });
    await tenant.send(Array.from({ length: 50 }, () => ({ type: 'lead.create', data: { endless: true } })));
    await other.publish({ type: 'lead.create', data: { n: 1 } });
    await eventually(() => theirs.requests.length === 1);
    expect(theirs.requests[0]?.body.toString()).toBe('{"n":1}');
    await eventually(async () =>
      expect((await tenant.deliveries())[0]).toMatchObject({ lastError: 'template_failed' }),
    );
    await theirs.close();
  });
});

describe('the form of requests', () => {
  it('is of the native profile only', async () => {
    const lemlist = await Tenant.create(engine, 'lemlist');
    const answer = await engine.call<Problem>('POST', lemlist.path('/subscriptions'), {
      url: receiver.url,
      body: { format: 'data' },
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: 'not_in_profile' }] } });
  });

  it('is shown, changed in parts, and reset with null', async () => {
    const { id } = await tenant.subscribe(receiver.url, template('{"a": 1}', { method: 'PUT' }));
    const path = tenant.path(`/subscriptions/${id}`);
    expect(await engine.ok('PATCH', path, { contentType: 'form' })).toMatchObject({
      ...template('{"a": 1}'),
      contentType: 'form',
      method: 'PUT',
    });
    expect(await engine.ok('PATCH', path, { body: null })).toMatchObject({
      body: { format: 'envelope' },
      contentType: 'form',
    });
    expect(await engine.call('PATCH', path, { body: { format: 'slack' } })).toMatchObject({ status: 422 });
    expect(await engine.call('PATCH', path, { method: 'GET' })).toMatchObject({ status: 422 });
  });

  it('is shown for an example before it is saved', async () => {
    const path = tenant.path('/preview');
    const shown = await engine.ok<{ headers: string[][]; body: string; method: string }>('POST', path, {
      ...template('{"mail": data.lead.email}', { method: 'PUT' }),
      type: 'lead.update',
      data: DATA,
    });
    expect(shown).toMatchObject({ type: 'lead.update', method: 'PUT', body: '{"mail":"ann@acme.io"}' });
    expect(Object.fromEntries(shown.headers as [string, string][])).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^evt_/),
    });
    expect(await engine.ok('POST', path, {})).toMatchObject({ body: expect.stringMatching(/^\{"type":/) });
    const failing = await engine.call<Problem>('POST', path, template('$error("no")'));
    expect(failing).toMatchObject({ status: 422, body: { errors: [{ code: 'template_failed' }] } });
    expect(await engine.call('POST', path, { type: 'lead.nothing' })).toMatchObject({ status: 422 });
  });

  it('is shown with numbers and keys as they were sent', async () => {
    const data = '{"big":9007199254740993,"huge":1e400,"tiny":0.10000000000000000001,"constructor":1.0}';
    for (const [format, expected] of [
      ['data', data],
      ['envelope', `"data":${data}}`],
    ] as const) {
      const response = await fetch(engine.url + tenant.path('/preview'), {
        method: 'POST',
        headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json' },
        body: `{"type":"lead.create","body":{"format":"${format}"},"data":${data}}`,
      });
      expect(await response.json()).toMatchObject({ body: expect.stringContaining(expected) });
    }
  });
});
