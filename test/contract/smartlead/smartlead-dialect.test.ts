import { nativeProfile } from '../../../src/profiles/native/native.profile.js';
import { useStory } from '../../support/story.js';

const WHEN = '2025-01-15T09:00:00.250Z';

const about = {
  lead: { id: '789', email: 'lead@example.com', first_name: 'John', last_name: 'Doe', company: 'Acme Corp' },
  campaign: { id: '123', name: 'Q1 Outreach' },
  email: {
    id: 'e1',
    message_id: 'abc123def456',
    sequence_number: 1,
    subject: 'Quick question',
    body: '<p>Hello</p>',
    from: 'sender@yourcompany.com',
    to: 'lead@example.com',
    to_name: 'John Doe',
  },
};
const mail = { from_email: 'sender@yourcompany.com', to_email: 'lead@example.com', to_name: 'John Doe' };
const time = '2025-01-15T09:00:00Z';
const where = { campaign_name: 'Q1 Outreach', campaign_id: 123 };
const sent = {
  ...mail,
  time_sent: time,
  ...where,
  sequence_number: 1,
  custom_subject: 'Quick question',
  custom_email_message: '<p>Hello</p>',
  message_id: 'abc123def456',
};
const category = {
  lead_id: 789,
  lead_email: 'lead@example.com',
  lead_name: 'John Doe',
  lead_data: {
    email: 'lead@example.com',
    first_name: 'John',
    last_name: 'Doe',
    phone_number: null,
    company_name: 'Acme Corp',
    website: null,
    location: null,
    custom_fields: {},
    linkedin_profile: null,
    company_url: null,
    category: { name: 'Interested', sentiment_type: null },
  },
  category: 'Interested',
  lead_category_id: 5,
  campaign_name: null,
  campaign_id: null,
  from: null,
  to: 'lead@example.com',
  history: [],
  lastReply: null,
};

/** A native event, and all that Smartlead receivers get of it. */
const CORE: [native: string, data: object, theirs: object[]][] = [
  [
    'email.send',
    about,
    [
      { event_type: 'EMAIL_SENT', ...sent },
      { event_type: 'FIRST_EMAIL_SENT', ...sent },
    ],
  ],
  [
    'email.send',
    { ...about, email: { ...about.email, sequence_number: 2 } },
    [{ event_type: 'EMAIL_SENT', ...sent, sequence_number: 2 }],
  ],
  [
    'email.open',
    about,
    [{ event_type: 'EMAIL_OPEN', ...mail, time_opened: time, ...where, sequence_number: 1 }],
  ],
  [
    'email.click',
    { ...about, url: 'https://example.com/demo' },
    [
      {
        event_type: 'EMAIL_LINK_CLICK',
        ...mail,
        time_clicked: time,
        link_clicked: ['https://example.com/demo'],
        ...where,
        sequence_number: 1,
      },
    ],
  ],
  [
    'email.reply',
    { ...about, reply: { subject: 'Re: Quick question', body: '<p>Yes</p>', preview: 'Yes' } },
    [
      {
        event_type: 'EMAIL_REPLY',
        from_email: mail.from_email,
        subject: 'Re: Quick question',
        to_email: mail.to_email,
        to_name: mail.to_name,
        time_replied: time,
        reply_body: '<p>Yes</p>',
        preview_text: 'Yes',
        ...where,
        client_id: 456,
        sequence_number: 1,
      },
    ],
  ],
  [
    'email.bounce',
    { ...about, reason: '550 No such user' },
    [
      {
        event_type: 'EMAIL_BOUNCE',
        ...mail,
        time_bounced: time,
        ...where,
        sequence_number: 1,
        is_bounced: true,
        bounce_message: { message_id: 'abc123def456', text: '550 No such user' },
      },
    ],
  ],
  [
    'lead.unsubscribe',
    { lead: about.lead, campaign: about.campaign },
    [
      {
        event_type: 'LEAD_UNSUBSCRIBED',
        lead_email: 'lead@example.com',
        lead_name: 'John Doe',
        ...where,
        unsubscribed_client_id_map: {},
      },
    ],
  ],
  [
    'lead.status.update',
    { lead: about.lead, from: null, to: { id: '5', name: 'Interested' } },
    [{ event_type: 'LEAD_CATEGORY_UPDATED', ...category }],
  ],
  [
    'campaign.update',
    { id: '123', name: 'Q1 Outreach', status: 'paused' },
    [{ event_type: 'CAMPAIGN_STATUS_CHANGED', ...where, campaign_status: 'PAUSED' }],
  ],
];

describe('a native event at a Smartlead receiver', () => {
  const { engine, tenant, receiver } = useStory();

  it.each(CORE)('%s of %j', async (type, data, theirs) => {
    await tenant.subscribe(receiver.url, { profile: 'smartlead' });
    const scope = type === 'email.reply' ? { scope: { clientId: '456' } } : {};
    expect(await tenant.publish({ type, data, occurredAt: WHEN, ...scope })).toMatchObject({
      deliveries: theirs.length,
    });
    const requests = await receiver.received(theirs.length);
    expect(requests.map(({ body }) => body.toString()).sort()).toEqual(
      theirs.map((body) => JSON.stringify(body)).sort(),
    );
  });

  it('is heard by the level it happened at, silenced by the user level, and native ones hear it all the same', async () => {
    await tenant.subscribe(receiver.url, { uid: 'native' });
    const scope = { level: 'campaign', campaignId: '123' };
    await tenant.subscribe(receiver.url, { uid: 'campaign', profile: 'smartlead', scope });
    expect(await tenant.publish({ type: 'email.open', data: about })).toMatchObject({ deliveries: 2 });
    await tenant.subscribe(receiver.url, { uid: 'user', profile: 'smartlead', events: ['EMAIL_OPEN'] });
    const { id } = await tenant.publish({ type: 'email.open', data: about });
    const { data } = await engine.ok<{ data: object[] }>(
      'GET',
      tenant.path(`/events/${id}/routing?order=asc`),
    );
    expect(data).toMatchObject([{ reason: null }, { reason: 'priority' }, { reason: null }]);
  });

  it('is not sent when there are no words for it, and the routing answer says so', async () => {
    await tenant.subscribe(receiver.url, { profile: 'smartlead' });
    const core = new Set(CORE.map(([type]) => type));
    const others = nativeProfile.catalogue.filter(({ name }) => !core.has(name));
    expect(others.map(({ name }) => name)).toEqual(expect.arrayContaining(['lead.create', 'list.create']));
    for (const { name: type, example: data } of [
      ...others,
      { name: 'lead.status.update', example: { lead: about.lead, from: null, to: null } },
      { name: 'campaign.update', example: { id: '123', name: 'renamed' } },
    ]) {
      const { id } = await tenant.publish({ type, data });
      const { data: routes } = await engine.ok<{ data: object[] }>(
        'GET',
        tenant.path(`/events/${id}/routing`),
      );
      expect([type, routes]).toMatchObject([type, [{ matched: false, reason: 'no_equivalent' }]]);
    }
  });

  it('comes the other way: what a Smartlead space publishes is translated into native events', async () => {
    await tenant.open('smartlead');
    await tenant.subscribe(receiver.url, { profile: 'native' });
    await tenant.publish({ type: 'FIRST_EMAIL_SENT', data: sent });
    await tenant.publish({ type: 'LEAD_CATEGORY_UPDATED', data: category });
    const requests = await receiver.received(2);
    const bodies = requests.map(({ body }) => JSON.parse(body.toString()) as { type: string });

    expect(bodies.find(({ type }) => type === 'email.send')).toMatchObject({
      data: {
        campaign: about.campaign,
        email: { sequence_number: 1, to: 'lead@example.com', body: '<p>Hello</p>' },
      },
    });
    expect(bodies.find(({ type }) => type === 'lead.status.update')).toMatchObject({
      data: { lead: { ...about.lead }, to: { id: '5', name: 'Interested' } },
    });
  });
});
