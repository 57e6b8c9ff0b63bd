import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

interface Event {
  id: string;
  subjectId: string | null;
}

const { engine, tenant, receiver } = useStory();

describe('the subject of an event', () => {
  it('filters events and deliveries', async () => {
    await tenant.subscribe(receiver.url);
    const mine = await tenant.publish({ type: 'lead.create', data: {}, subjectId: "o'hara" });
    const lead = await tenant.publish({ type: 'lead.create', data: {}, scope: { leadId: 'l1' } });
    const none = await tenant.publish({ type: 'lead.create', data: {} });
    const of = async (subject: string) => {
      const query = `?subjectId=${encodeURIComponent(subject)}`;
      const { data } = await engine.ok<{ data: Event[] }>('GET', tenant.path(`/events${query}`));
      const deliveries = await tenant.deliveries(query);
      expect(deliveries.map(({ eventId }) => eventId)).toEqual(data.map(({ id }) => id));
      return data;
    };
    expect(await of("o'hara")).toMatchObject([{ id: mine.id, subjectId: "o'hara" }]);
    expect(await of('l1')).toMatchObject([{ id: lead.id, subjectId: 'l1' }]);
    expect(await of('nobody')).toEqual([]);
    const all = await engine.ok<{ data: Event[] }>('GET', tenant.path('/events'));
    expect(all.data[0]).toMatchObject({ id: none.id, subjectId: null });
  });

  it.each([
    ['', 'is_not_empty'],
    ['x'.repeat(256), 'max_length'],
    [7, 'is_string'],
    ['a\u0000b', 'matches'],
    [null, 'is_string'],
  ])('%j is refused', async (subjectId, code) => {
    const { status, body } = await tenant.send<Problem>({ type: 'lead.create', data: {}, subjectId });
    expect([status, body.errors?.[0]]).toEqual([422, expect.objectContaining({ path: 'subjectId', code })]);
  });

  it('is part of what makes an event the same', async () => {
    const lead = { type: 'lead.create', data: {}, id: 'a', subjectId: 'jane' };
    await tenant.publish(lead);
    expect(await tenant.publish(lead)).toMatchObject({ duplicate: true });
    expect((await tenant.send({ ...lead, subjectId: 'john' })).status).toBe(409);
  });
});
