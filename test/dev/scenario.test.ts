import { scenarioEvents } from '../../src/dev/scenario.js';
import { STORIES, type StoryName } from '../../src/dev/stories.js';
import { eventTypeNames, knownProfiles } from '../../src/profiles/registry.js';

const SPACE = '01930000-0000-7000-8000-000000000001';
const END = new Date('2026-11-28T12:00:00.000Z');
const NAMES = Object.keys(STORIES) as StoryName[];
const story = (name: StoryName, profile: string, n = 7) =>
  scenarioEvents(name, profile, { n, spaceId: SPACE, end: END });

/** Every value that stands under one of these keys, wherever. */
function valuesOf(data: unknown, keys: RegExp): unknown[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [
    ...(keys.test(key) && typeof value === 'string' ? [value] : []),
    ...valuesOf(value, keys),
  ]);
}

describe('a scenario', () => {
  const all = knownProfiles().flatMap((profile) => NAMES.map((name) => [name, profile] as const));

  it.each(all)('%s of %s is about one lead, in order, in the words of its catalogue', (name, profile) => {
    const events = story(name, profile);
    expect(events.length).toBeGreaterThan(1);
    for (const { type } of events) expect(eventTypeNames(profile)).toContain(type);
    const times = events.map(({ occurredAt }) => occurredAt);
    expect(times).toEqual([...new Set(times)].sort());
    for (const keys of [
      /^(leadEmail|lead_email|sl_lead_email|to_email)$/,
      /^leadId$/,
      /^(campaignId|campaign_name)$/,
    ])
      expect(new Set(events.flatMap(({ data }) => valuesOf(data, keys))).size).toBeLessThanOrEqual(1);
    const spaces = events.flatMap(({ data }) => valuesOf(data, /^id_space$/));
    expect(spaces.every((id) => id === SPACE)).toBe(true);
  });

  it.each(['smartlead', 'lemlist', 'leadlex', 'breakcold', 'native'])(
    '%s has another lead each time',
    (profile) => {
      expect(story('reply', profile, 8)).not.toEqual(story('reply', profile));
    },
  );

  it('tells what its name says', () => {
    const typesOf = (name: StoryName, profile: string) => story(name, profile).map(({ type }) => type);
    expect(typesOf('bounce', 'smartlead')).toEqual(['EMAIL_SENT', 'EMAIL_BOUNCE']);
    expect(typesOf('unsubscribe', 'lemlist')).toEqual([
      'emailsSent',
      'emailsOpened',
      'emailsUnsubscribed',
      'annotated',
    ]);
    expect(typesOf('reply', 'leadlex').at(-1)).toBe('campaign.email_replied');
    expect(typesOf('hot-lead', 'breakcold')).toEqual([
      'lead.create',
      'lead.status.update',
      'lead.task.create',
    ]);
  });

  it("keeps Smartlead's conversation and its events at the same times", () => {
    const data = (type: string) => story('hot-lead', 'smartlead').find((event) => event.type === type)?.data;
    const { time_sent } = data('EMAIL_SENT') as { time_sent: string };
    const { time_replied } = data('EMAIL_REPLY') as { time_replied: string };
    expect(data('LEAD_CATEGORY_UPDATED')).toMatchObject({
      history: [
        { time: time_sent, subject: 'Quick question about Acme Corp' },
        { time: time_replied, email_body: "<html>Thanks for reaching out. I'm interested...</html>" },
      ],
      lastReply: { time: time_replied },
      category: 'Interested',
      lead_category_id: 5,
    });
  });

  it("names the lead in lemlist's notes, and makes tasks due after they were made", () => {
    const [first, note] = [story('reply', 'lemlist')[0], story('reply', 'lemlist').at(-1)];
    const { leadId, leadEmail } = first?.data as { leadId: string; leadEmail: string };
    expect(note).toMatchObject({ type: 'annotated', data: { leadId, leadEmail } });
    const made = story('hot-lead', 'breakcold').at(-1);
    const { task } = made?.data as { task: { created_at: string; due_at: string } };
    expect(task.due_at > task.created_at).toBe(true);
  });

  it("gives each of lemlist's activities an id of its own", () => {
    const ids = story('hot-lead', 'lemlist').map(({ data }) => (data as { _id: string })._id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
