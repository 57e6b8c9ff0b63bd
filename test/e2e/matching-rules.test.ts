import { useStory } from '../support/story.js';

/** A space of natives with Smartlead's priority and Breakcold's filter in it: rules of one profile bind no other. */
describe('the matching rules of profiles', () => {
  const { engine, tenant, receiver } = useStory();

  const hook = (uid: string, fields: object) =>
    tenant.subscribe(`${receiver.url}/${uid}`, { uid, ...fields });
  async function heard(event: object) {
    const { id } = await tenant.publish(event);
    const { data } = await engine.ok<{ data: { uid: string; reason: string | null }[] }>(
      'GET',
      tenant.path(`/events/${id}/routing?order=asc`),
    );
    return Object.fromEntries(data.map(({ uid, reason }) => [uid, reason]));
  }
  const email = (campaign: string, step = 1) => ({
    lead: { id: '1', email: 'a@b.example' },
    campaign: { id: campaign, name: 'Spring' },
    email: { id: 'e', sequence_number: step, to: 'a@b.example' },
  });

  it('tiers: the first level silences the others of its profile alone', async () => {
    const scope = { level: 'campaign', campaignId: '7' };
    await hook('native-campaign', { scope });
    await hook('campaign', { scope, profile: 'smartlead' });
    await hook('user', { profile: 'smartlead' });
    await hook('native', {});
    const event = { type: 'email.open', data: email('7'), scope: { campaignId: '7' } };
    expect(await heard(event)).toEqual({
      'native-campaign': null,
      campaign: 'priority',
      user: null,
      native: null,
    });
  });

  it('silences: what is paused silences nobody, what its filter keeps away still does', async () => {
    await hook('client', { profile: 'smartlead', scope: { level: 'client', clientId: 'c' } });
    await hook('user', { profile: 'smartlead', filter: { campaign_name: 'Autumn' } });
    const event = { type: 'email.open', data: email('7'), scope: { clientId: 'c' } };
    expect(await heard(event)).toEqual({ client: 'priority', user: 'filter:campaign_name' });
    await engine.ok('POST', tenant.path('/subscriptions/user/pause'));
    expect(await heard(event)).toMatchObject({ client: null });
  });

  it('scopeOf: the place is read from the body where the publisher names none', async () => {
    await hook('seven', { profile: 'smartlead', scope: { level: 'campaign', campaignId: '7' } });
    expect(await heard({ type: 'email.open', data: email('7') })).toEqual({ seven: null });
    expect(await heard({ type: 'email.open', data: email('8') })).toEqual({ seven: 'scope' });
    const elsewhere = { type: 'email.open', data: email('7'), scope: { campaignId: '8' } };
    expect(await heard(elsewhere)).toEqual({ seven: 'scope' });
  });

  it('derive: what follows from an event is a delivery of its own, made once and matched by itself', async () => {
    await hook('all', { profile: 'smartlead' });
    await hook('first', { profile: 'smartlead', events: ['FIRST_EMAIL_SENT'] });
    expect(await tenant.publish({ type: 'email.send', data: email('7') })).toMatchObject({ deliveries: 3 });
    expect(await heard({ type: 'email.send', data: email('7', 2) })).toEqual({
      all: null,
      first: 'event_type',
    });
    const requests = await receiver.received(4);
    const types = requests.map(
      ({ path, body }) => `${path} ${(JSON.parse(body.toString()) as { event_type: string }).event_type}`,
    );
    expect(types.sort()).toEqual([
      '/hook/all EMAIL_SENT',
      '/hook/all EMAIL_SENT',
      '/hook/all FIRST_EMAIL_SENT',
      '/hook/first FIRST_EMAIL_SENT',
    ]);
  });

  it("refuses: a profile's own filter, by its name", async () => {
    const profile = 'breakcold-v2';
    await hook('people', { profile, profileOptions: { objectTypes: ['person'] } });
    await hook('companies', { profile, profileOptions: { objectTypes: ['company'] } });
    const data = { id: '1', email: 'a@b.example', first_name: 'Ada', last_name: 'B' };
    expect(await heard({ type: 'lead.create', data })).toEqual({
      people: null,
      companies: 'profile:object_type',
    });
  });
});
