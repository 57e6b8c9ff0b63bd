import { nativeProfile } from '../../../src/profiles/native/native.profile.js';
import { lemlistProfile } from '../../../src/profiles/lemlist/lemlist.profile.js';
import { LEAD_STATES } from '../../../src/profiles/lemlist/lead-states.js';
import { eventually } from '../../support/condition.js';
import { documentedEvents, golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useStory } from '../../support/story.js';
import { Tenant } from '../../support/tenant.js';

type Body = Record<string, unknown>;

const opened = golden('payloads-docs/lemlist/activity.emailsOpened');

describe('lemlist deliveries', () => {
  const clock = new ManualClock();
  let key: string;
  let status = 200;
  const { engine, tenant, receiver } = useStory({
    clock,
    profile: 'lemlist',
    answer: ({ body }) => ({ status, body }),
  });
  beforeEach(async () => {
    status = 200;
    key = await tenant.key('manage');
  });

  const hook = (fields: object = {}, path = '/hook') => {
    const authorization = `Basic ${Buffer.from(`:${key}`).toString('base64')}`;
    const body = { targetUrl: receiver.url.replace('/hook', path), ...fields };
    return engine.call('POST', '/lemlist/api/hooks', body, { headers: { authorization } });
  };
  const bodies = async (count: number): Promise<Body[]> =>
    (await receiver.received(count)).map(({ body }) => JSON.parse(body.toString()) as Body);
  const settled = () =>
    eventually(async () => expect(await tenant.deliveries('?status=pending')).toEqual([]));

  it('L17 L18 knows the 75 events of its document in 14 families', () => {
    const types = lemlistProfile.catalogue.map(({ name, family }) => ({ name, family }));
    expect(types).toEqual(documentedEvents('lemlist'));
    expect(new Set(types.map(({ family }) => family)).size).toBe(14);
  });

  it.each(['emailsOpened', 'annotated', 'paused', 'manualNotInterested'])(
    'B1 POSTs %s as its public example, byte for byte',
    async (type) => {
      await hook({ type });
      const sample = golden(`payloads-docs/lemlist/activity.${type}`);
      await tenant.publish({ type, data: sample });
      const [request] = await receiver.received(1);
      const { teamId, ...rest } = JSON.parse(request?.body.toString() ?? '') as Body;

      expect(request?.method).toBe('POST');
      expect(request?.headers['content-type']).toBe('application/json');
      expect(request?.body.toString()).toBe(JSON.stringify(sample));
      expect({ teamId, ...rest }).toMatchObject({ teamId: sample.teamId });
    },
  );

  it('B1 adds what every activity has, where the product left it out', async () => {
    await hook({ type: 'enrichmentDone' });
    const at = '2026-01-31T09:00:00.000Z';
    await tenant.publish({
      type: 'enrichmentDone',
      occurredAt: at,
      data: { data: [{ id: 'enr_1' }], n: 1.5 },
    });
    await tenant.publish('{"type":"enrichmentDone","data":{"data":[1.0]}}');
    const [body] = await bodies(2);

    expect(body).toEqual({
      _id: expect.stringMatching(/^act_[0-9A-Za-z]{17}$/) as string,
      type: 'enrichmentDone',
      teamId: expect.stringMatching(/^tea_[0-9A-Za-z]{17}$/) as string,
      createdAt: at,
      data: [{ id: 'enr_1' }],
      n: 1.5,
    });
    expect(receiver.requests.map((request) => request.body.toString()).join()).toContain('"data":[1.0]');
  });

  it('L25 has the secret in every body, on every attempt', async () => {
    status = 500;
    const secret = 'hush "hush" ü';
    await hook({ secret });
    await tenant.publish({ type: 'emailsOpened', data: { ...opened, secret: "the product's" } });
    await receiver.received(2);
    await settledAfter(5_000);
    const requests = await receiver.received(4);
    const texts = requests.map(({ body }) => body.toString());

    for (const text of texts) expect(JSON.parse(text)).toMatchObject({ secret });
    expect(texts.filter((text) => text.includes('"type":"emailsOpened","isFirst"'))[0]).toBe(
      JSON.stringify({ ...opened, secret }),
    );
    expect(new Set(texts).size).toBe(2);
  });

  it('L26 L27 has no secret in the body where none is set, and no proof in a header', async () => {
    await hook({ type: 'emailsOpened' });
    await tenant.publish({ type: 'emailsOpened', data: { ...opened, secret: "the product's" } });
    const [request] = await receiver.received(1);

    expect(Object.keys(JSON.parse(request?.body.toString() ?? '') as Body)).not.toContain('secret');
    const proofs = Object.keys(request?.headers ?? {}).filter((name) =>
      /sign|secret|webhook|lemlist/.test(name),
    );
    expect(proofs).toEqual([]);
  });

  it('L23 E05 masks the secret in the log of attempts, in an echo of it too', async () => {
    const secret = 'hush-hush-4711';
    await hook({ type: 'emailsOpened', secret });
    await tenant.publish({ type: 'emailsOpened', data: opened });
    await receiver.received(1);
    await settled();
    const [delivery] = await tenant.deliveries();
    const attempt = await engine.ok<{ request: { body: string }; response: { body: string } }>(
      'GET',
      tenant.path(`/deliveries/${delivery?.id}/attempts/1`),
    );

    expect(attempt.request.body).toBe(JSON.stringify({ ...opened, secret: '***' }));
    expect(attempt.response.body).toContain('***');
    expect(JSON.stringify(attempt)).not.toContain(secret);
  });

  it.each(Object.entries(LEAD_STATES))(
    'L19 tells %s of each of its activities',
    async (state, activities) => {
      await hook({ type: state });
      for (const type of activities)
        expect(await tenant.publish({ type, data: { ...opened, type } })).toMatchObject({ deliveries: 1 });
      expect(await tenant.publish({ type: 'paused', data: {} })).toMatchObject({ deliveries: 0 });
      const got = await bodies(activities.length);

      expect(new Set(got.map(({ type }) => type))).toEqual(new Set([state]));
      expect(got[0]).toMatchObject({ _id: opened._id, metaData: opened.metaData });
    },
  );

  it.each([
    ['emailsClicked', 'linkUrl', /^https:/],
    ['attracted', 'linkUrl', /^https:/],
    ['emailsBounced', 'bounceReason', /^550 /],
    ['linkedinInviteAccepted', 'linkedinUrl', /^https:\/\/www\.linkedin\.com\/in\//],
  ])('the sample of %s has what clients read of it: %s', async (type, field, form) => {
    await hook({ type });
    await engine.ok('POST', tenant.path('/simulate'), { type, count: 1 });
    const [body] = await bodies(1);
    expect(body?.[field]).toMatch(form);
  });

  it('L19 has a state for every kind of activity its document names', () => {
    expect(Object.keys(LEAD_STATES)).toEqual(
      documentedEvents('lemlist')
        .filter(({ family }) => family === 'Lead state groups')
        .map(({ name }) => name),
    );
    const known = new Set(documentedEvents('lemlist').map(({ name }) => name));
    const members = Object.values(LEAD_STATES).flat();
    expect(members.filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(members).size).toBe(members.length);
  });

  it('L21 L31 tells one type, or with none named all of them: the activity and the state it leads to', async () => {
    await hook({ type: 'emailsOpened' }, '/one');
    await hook({}, '/all');
    await tenant.publish({ type: 'emailsOpened', data: opened });
    await tenant.publish({ type: 'paused', data: {} });
    const requests = await receiver.received(4);
    const got = requests.map(
      ({ path, body }) => `${path} ${(JSON.parse(body.toString()) as Body).type as string}`,
    );

    expect(got.sort()).toEqual(['/all emailsOpened', '/all hooked', '/all paused', '/one emailsOpened']);
  });

  it.each([
    ['in its data', { data: { campaignId: 'cam_1' } }],
    ['in its scope', { data: {}, scope: { campaignId: 'cam_1' } }],
  ])('L03 tells only what happened in its campaign, as the event says %s', async (_, event) => {
    await hook({ campaignId: 'cam_1', type: 'emailsSent' }, '/one');
    await hook({ campaignId: 'cam_2', type: 'emailsSent' }, '/two');
    await hook({ type: 'emailsSent' }, '/any');
    expect(await tenant.publish({ type: 'emailsSent', ...event })).toMatchObject({ deliveries: 2 });
    expect(await tenant.publish({ type: 'emailsSent', data: {} })).toMatchObject({ deliveries: 1 });
    expect((await receiver.received(3)).map(({ path }) => path).sort()).toEqual(['/any', '/any', '/one']);
  });

  it('B1 disables a webhook after ten failed deliveries in a row, and says nothing meanwhile', async () => {
    status = 500;
    const native = tenant.path('/subscriptions');
    const { id } = await tenant.subscribe(receiver.url, { events: ['emailsSent'], retrySchedule: [] });
    for (let n = 0; n < 10; n += 1) {
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: n });
      await tenant.publish({ type: 'emailsSent', data: {} });
      await settled();
    }
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', pausedReason: 'failures' });
    await tenant.publish({ type: 'emailsSent', data: {} });
    expect(await tenant.deliveries('?status=skipped')).toHaveLength(1);
    expect(await engine.ok('GET', `${native}/${id}`)).toMatchObject({
      retrySchedule: [],
      recovery: 'manual',
    });
    expect(receiver.requests).toHaveLength(10);
  });

  it('B1 does not tell of an email that was written by hand', async () => {
    const native = await Tenant.create(engine);
    await native.subscribe(receiver.url, { profile: 'lemlist' });
    const email = { lead: { id: 'l1' }, email: { id: 'e1', sequence_number: 1 } };
    const byHand = await native.publish({ type: 'email.send', data: { ...email, campaign: null } });
    const inCampaign = await native.publish({
      type: 'email.send',
      data: { ...email, campaign: { id: 'c1' } },
    });

    expect([byHand.deliveries, inCampaign.deliveries]).toEqual([0, 2]);
    const got = await bodies(2);
    expect(got.find(({ type }) => type === 'emailsSent')).toMatchObject({
      _id: expect.stringMatching(/^act_/) as string,
      leadId: 'l1',
      campaignId: 'c1',
      sequenceStep: 0,
      emailId: 'e1',
    });
    expect(got.map(({ type }) => type).sort()).toEqual(['contacted', 'emailsSent']);
  });

  it.each([
    ['email.open', ['emailsOpened', 'hooked']],
    ['email.click', ['attracted', 'emailsClicked']],
    ['email.reply', ['emailsReplied', 'warmed']],
    ['email.bounce', ['emailsBounced']],
    ['lead.unsubscribe', ['emailsUnsubscribed']],
    ['lead.note.create', ['annotated']],
    ['lead.create', []],
    ['campaign.create', []],
    ['list.create', []],
    ['lead.list.update', []],
    ['lead.tags.update', []],
  ])('tells the native %s as %j', async (type, theirs) => {
    const native = await Tenant.create(engine);
    await native.subscribe(receiver.url, { profile: 'lemlist' });
    const data = nativeProfile.catalogue.find(({ name }) => name === type)?.example ?? {};
    expect(await native.publish({ type, data })).toMatchObject({ deliveries: theirs.length });
    const got = await bodies(theirs.length);

    expect(got.map((body) => body.type).sort()).toEqual(theirs);
    for (const body of got)
      expect(body).toMatchObject({ leadEmail: 'jean.moreau@atelier-nord.example', leadFirstName: 'Jean' });
    if (type === 'email.reply') expect(got[0]).toMatchObject({ messagePreview: 'Sixty, please.' });
  });

  it('tells its own activities in native words', async () => {
    await tenant.subscribe(receiver.url, { profile: 'native' });
    await tenant.publish({ type: 'emailsOpened', data: opened });
    expect(await bodies(1)).toMatchObject([
      {
        type: 'email.open',
        data: {
          lead: { id: opened.leadId, email: 'sam@example.com', first_name: 'Sam', last_name: 'Taylor' },
          campaign: { id: opened.campaignId, name: 'Unicorn campaign' },
          email: { sequence_number: 2 },
        },
      },
    ]);
    expect(await tenant.publish({ type: 'linkedinSent', data: opened })).toMatchObject({ deliveries: 0 });
  });

  it('makes up activities of now, each about another lead, so that isFirst lets all of them through', async () => {
    await hook({ type: 'emailsOpened', isFirst: true, campaignId: 'cam_oxeGg6paG3ZVxjHkH' });
    const path = tenant.path('/simulate');
    const made = await engine.ok<{ data: object[] }>('POST', path, { type: 'emailsOpened', count: 3 });
    expect(made.data).toMatchObject([{ deliveries: 1 }, { deliveries: 1 }, { deliveries: 1 }]);
    const got = await bodies(3);

    for (const name of ['_id', 'leadId']) expect(new Set(got.map((body) => body[name])).size).toBe(3);
    expect(got[0]).toMatchObject({ createdAt: clock.date().toISOString() });
  });

  /** Lets the retries of this many milliseconds happen. */
  async function settledAfter(ms: number): Promise<void> {
    await eventually(async () => {
      const open = await tenant.deliveries('?status=pending');
      expect(open.every(({ attemptCount }) => attemptCount === 1)).toBe(true);
    });
    clock.advance(ms);
    await engine.sweep();
  }
});
