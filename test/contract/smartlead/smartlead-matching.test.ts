import { eventually } from '../../support/condition.js';
import { useStory } from '../../support/story.js';

const CLIENT = { level: 'client', clientId: '456' };
const CAMPAIGN = { level: 'campaign', campaignId: '123' };
const HERE = { campaign_id: 123, client_id: 456 };

describe('who hears a Smartlead event', () => {
  const { engine, tenant, receiver } = useStory({ profile: 'smartlead' });

  const hook = async (name: string, fields: object = {}) =>
    (await tenant.subscribe(`${receiver.url}/${name}`, { uid: name, events: ['EMAIL_OPEN'], ...fields })).id;
  const category = (name: string, profileOptions: object, fields: object = {}) =>
    hook(name, { events: ['LEAD_CATEGORY_UPDATED'], profileOptions, ...fields });

  /** Who is sent an event, and why the others are not. */
  async function heard(data: object, type = 'EMAIL_OPEN', scope: object = {}) {
    const { id } = await tenant.publish({ type, data, scope });
    const { data: routes } = await engine.ok<{
      data: { uid: string; matched: boolean; reason: string | null }[];
    }>('GET', tenant.path(`/events/${id}/routing?order=asc`));
    return Object.fromEntries(routes.map(({ uid, matched, reason }) => [uid, matched ? 'sent' : reason]));
  }

  it('S10 a user hears all campaigns, a client its own, a campaign itself; the body says where', async () => {
    await hook('client', { scope: CLIENT });
    await hook('campaign', { scope: CAMPAIGN });
    expect(await heard(HERE)).toEqual({ client: 'sent', campaign: 'sent' });
    expect(await heard({ campaign_id: 124, client_id: 456 })).toEqual({ client: 'sent', campaign: 'scope' });
    expect(await heard({ campaign_id: '123', client_id: null })).toEqual({
      client: 'scope',
      campaign: 'sent',
    });
    expect(await heard({})).toEqual({ client: 'scope', campaign: 'scope' });
    expect(await heard(HERE, 'EMAIL_OPEN', { campaignId: '9', clientId: '9' })).toEqual({
      client: 'scope',
      campaign: 'scope',
    });
    await hook('user');
    expect(await heard({ campaign_id: 5 })).toMatchObject({ user: 'sent' });
  });

  it('S11 S12 E06 a user-level webhook silences client and campaign ones, for its own event types only', async () => {
    await hook('client', { scope: CLIENT, events: ['EMAIL_OPEN', 'EMAIL_REPLY'] });
    await hook('campaign', { scope: CAMPAIGN, events: ['EMAIL_OPEN', 'EMAIL_REPLY'] });
    await hook('user');
    expect(await heard(HERE)).toEqual({ client: 'priority', campaign: 'priority', user: 'sent' });
    expect(await heard(HERE, 'EMAIL_REPLY')).toEqual({
      client: 'sent',
      campaign: 'sent',
      user: 'event_type',
    });
  });

  it('S12 S17 a user-level webhook for first emails does not silence those for all emails', async () => {
    await hook('campaign', { scope: CAMPAIGN, events: ['EMAIL_SENT', 'FIRST_EMAIL_SENT'] });
    await hook('user', { events: ['FIRST_EMAIL_SENT'] });
    expect(await heard({ ...HERE, sequence_number: 1 }, 'EMAIL_SENT')).toEqual({
      campaign: 'sent',
      user: 'sent',
    });
    const types = (await tenant.deliveries()).map(({ eventType }) => eventType);
    expect(types.sort()).toEqual(['EMAIL_SENT', 'FIRST_EMAIL_SENT']);
  });

  it('S13 client and campaign both get it', async () => {
    await hook('campaign', { scope: CAMPAIGN });
    await hook('client', { scope: CLIENT });
    expect(await heard(HERE)).toEqual({ campaign: 'sent', client: 'sent' });
  });

  it('S14 a disabled user-level webhook silences nobody', async () => {
    const id = await hook('user');
    await hook('campaign', { scope: CAMPAIGN });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    expect(await heard(HERE)).toMatchObject({ campaign: 'sent' });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`), {});
    expect(await heard(HERE)).toMatchObject({ campaign: 'priority', user: 'sent' });
  });

  it('S14 a user-level webhook silences others also for the categories it does not listen to', async () => {
    await category('campaign', {}, { scope: CAMPAIGN });
    await category('user', { categoryIds: ['6'] });
    const data = { ...HERE, lead_category_id: 5 };
    expect(await heard(data, 'LEAD_CATEGORY_UPDATED')).toEqual({
      campaign: 'priority',
      user: 'profile:category',
    });
  });

  it('S14 the switch `priority`: delivering, always', async () => {
    await category('campaign', {}, { scope: CAMPAIGN });
    const id = await category('user', { categoryIds: ['6'], priority: 'delivering' });
    const data = { ...HERE, lead_category_id: 5 };
    const path = tenant.path(`/subscriptions/${id}`);
    expect(await heard(data, 'LEAD_CATEGORY_UPDATED')).toMatchObject({ campaign: 'sent' });
    expect(await heard({ ...data, lead_category_id: 6 }, 'LEAD_CATEGORY_UPDATED')).toEqual({
      campaign: 'priority',
      user: 'sent',
    });
    await engine.ok('PATCH', path, {
      profileOptions: { priority: 'delivering' },
      filter: { campaign_name: 'Q1' },
    });
    expect(await heard(data, 'LEAD_CATEGORY_UPDATED')).toEqual({
      campaign: 'sent',
      user: 'filter:campaign_name',
    });
    await engine.ok('PATCH', path, { profileOptions: { priority: 'always' } });
    await engine.ok('POST', `${path}/pause`);
    expect(await heard(data, 'LEAD_CATEGORY_UPDATED')).toMatchObject({ campaign: 'priority' });
    expect(await engine.call('PATCH', path, { profileOptions: { priority: 'never' } })).toMatchObject({
      status: 422,
    });
  });

  it('S15 several user-level webhooks all get it', async () => {
    await hook('one');
    await hook('two');
    expect(await heard(HERE)).toEqual({ one: 'sent', two: 'sent' });
  });

  it('S26 account events reach their own configuration alone, apart from levels and priority', async () => {
    await hook('user', { events: ['*'] });
    await hook('campaign', { scope: CAMPAIGN, events: ['*'] });
    await hook('account', { events: ['*'], profileOptions: { account: true, priority: 'always' } });
    for (const type of ['EMAIL_ACCOUNT_DISCONNECTED', 'LINKEDIN_DISCONNECTED'])
      expect(await heard({ accountId: 1 }, type)).toEqual({
        user: 'profile:account_event',
        campaign: 'scope',
        account: 'sent',
      });
    expect(await heard(HERE)).toEqual({
      user: 'sent',
      campaign: 'priority',
      account: 'profile:campaign_event',
    });
    await engine.ok('DELETE', tenant.path('/subscriptions/user'));
    expect(await heard(HERE)).toEqual({ campaign: 'sent', account: 'profile:campaign_event' });
  });

  it('S29 compares the texts of the category filter with the number in the event', async () => {
    await category('five', { categoryIds: ['5', '6'] });
    await category('name', { categoryNames: ['Interested'] });
    await category('both', { categoryIds: ['7'], categoryNames: ['Interested'] });
    const about = (data: object) => heard(data, 'LEAD_CATEGORY_UPDATED');
    const [sent, refused] = ['sent', 'profile:category'];
    expect(await about({ lead_category_id: 5 })).toEqual({ five: sent, name: refused, both: refused });
    expect(await about({ lead_category_id: '6', category: 'Interested' })).toEqual({
      five: sent,
      name: sent,
      both: sent,
    });
    expect(await about({ lead_category_id: 55 })).toEqual({ five: refused, name: refused, both: refused });
    expect(await about({})).toEqual({ five: refused, name: refused, both: refused });
  });

  it('S30 the category filter is about LEAD_CATEGORY_UPDATED alone, and an empty one lets all through', async () => {
    await category('filtered', { categoryIds: ['5'] }, { events: ['LEAD_CATEGORY_UPDATED', 'EMAIL_OPEN'] });
    await category('empty', {});
    expect(await heard({ lead_category_id: 9 }, 'LEAD_CATEGORY_UPDATED')).toEqual({
      filtered: 'profile:category',
      empty: 'sent',
    });
    expect(await heard({ lead_category_id: 9 })).toMatchObject({ filtered: 'sent' });
  });

  it('S12 S17 S29 replays follow the same rules', async () => {
    const first = await hook('first', { events: ['FIRST_EMAIL_SENT'] });
    await category('category', { categoryIds: ['5'] });
    await tenant.publish({ type: 'EMAIL_SENT', data: { sequence_number: 1 } });
    await tenant.publish({ type: 'EMAIL_SENT', data: { sequence_number: 2 } });
    await receiver.received(1);
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
    const campaign = await hook('campaign', { events: ['FIRST_EMAIL_SENT'], scope: CAMPAIGN });
    const since = new Date(Date.now() - 60_000).toISOString();
    for (const id of [first, campaign])
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), {
        since,
        statuses: ['succeeded', 'none'],
      });
    const [original, again] = await receiver.received(2);
    expect(again?.path).toBe(original?.path);
    expect(again?.body.toString()).toBe(original?.body.toString());
    expect(again?.headers['x-request-id']).toBe(original?.headers['x-request-id']);
    expect(await tenant.deliveries()).toHaveLength(2);
  });
});
