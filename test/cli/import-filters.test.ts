import { matchFilter, parseFilter } from '../../src/core/filter.js';
import { convoyParts } from '../../src/cli/import/convoy-filter.js';
import { readOutpostFilter } from '../../src/cli/import/outpost-filter.js';

/** Whether Posthorn takes the filter, and which of these events pass it. */
function passing(filter: object | null | undefined, events: object[]): object[] {
  const parsed = parseFilter(filter ?? null);
  if (!('filter' in parsed)) throw new Error(JSON.stringify(parsed.issues));
  return events.filter((event) => matchFilter(parsed.filter, event) === null);
}

const PAID = { status: 'paid', amount: 150, customer: { tier: 'premium', email: 'ada@example.com' } };
const SMALL = { status: 'paid', amount: 20, customer: { tier: 'basic', email: 'bob@example.org' } };
const VOID = { status: 'void', amount: 500, deleted_at: null };
const EVENTS = [PAID, SMALL, VOID];

describe('a filter of Outpost', () => {
  const data = (schema: object) => readOutpostFilter({ data: schema }, '*');

  it.each([
    [{ status: 'paid' }, [PAID, SMALL]],
    [{ status: { $eq: 'paid' }, customer: { tier: 'premium' } }, [PAID]],
    [{ status: { $neq: 'paid' } }, [VOID]],
    [{ amount: { $gte: 100, $lt: 500 } }, [PAID]],
    [{ status: { $in: ['void', 'open'] } }, [VOID]],
    [{ status: { $nin: ['void'] } }, [PAID, SMALL]],
    [{ missing: { $nin: ['void'] } }, []],
    [{ customer: { email: { $endsWith: '@example.com' } } }, [PAID]],
    [{ customer: { email: { $startsWith: ['bob', 'eve'] } } }, [SMALL]],
    [{ deleted_at: { $exist: true } }, [VOID]],
    [{ deleted_at: { $exist: false } }, [PAID, SMALL]],
    [{ status: { $not: { $in: ['void'] } } }, [PAID, SMALL]],
    [{ $or: [{ amount: { $gt: 400 } }, { customer: { tier: 'basic' } }] }, [SMALL, VOID]],
    [{ $and: [{ amount: { $gt: 100 } }, { amount: { $gt: 200 } }] }, [VOID]],
    [
      {
        $and: [
          { $or: [{ status: 'paid' }, { status: 'open' }] },
          { $or: [{ amount: 150 }, { amount: 500 }] },
          { $or: [{ customer: { tier: 'premium' } }] },
        ],
      },
      [PAID],
    ],
  ] as [object, object[]][])('%j lets the same events through', (schema, expected) => {
    const { filter, notes } = data(schema);
    expect(notes).toEqual([expect.stringContaining('is imported')]);
    expect(passing(filter, EVENTS)).toEqual(expected);
  });

  it('leaves out what cannot be written, says so, and lets more through, never less', () => {
    const { filter, notes } = data({
      status: { $in: 'paid' },
      amount: { $gt: 100 },
      customer: { tags: ['a', 'b'] },
    });
    expect(passing(filter, EVENTS)).toEqual([PAID, VOID]);
    expect(notes[1]).toContain('$in of data.status; a list of data.customer.tags');
    // An alternative that cannot be written could fit any event.
    const alternative = data({ $or: [{ status: 'void' }, { customer: { tags: ['a'] } }] });
    expect(alternative.filter).toBeUndefined();
    expect(alternative.notes).toHaveLength(1);
    const negated = data({ customer: { $not: { tier: { $in: 'bas' } } } });
    expect([negated.filter, negated.notes[0]]).toEqual([undefined, expect.stringContaining('$not')]);
    const long = data(JSON.parse('{"id":12345678901234567890}') as object);
    expect([long.filter, long.notes[0]]).toEqual([undefined, expect.stringContaining('digits')]);
  });

  it('asks for event types and tags where it looks at topic and metadata, and leaves id and time out', () => {
    const read = readOutpostFilter(
      {
        topic: { $in: ['order.paid', 'order.void'] },
        metadata: { source: 'api', region: { $in: ['eu', 'uk'] }, 'not a tag': 'x' },
        time: { $gte: '2026-01-01T00:00:00Z' },
        data: { 'a.b': { 'c[d': 1 } },
      },
      ['order.paid', 'order.sent'],
    );
    expect(read.events).toEqual(['order.paid']);
    expect(read.scope).toEqual({ tags: { source: 'api', region: ['eu', 'uk'] } });
    expect(passing(read.filter, [{ 'a.b': { 'c[d': 1 } }, { a: { b: 1 } }])).toEqual([
      { 'a.b': { 'c[d': 1 } },
    ]);
    expect(read.notes.join(' ')).toMatch(/metadata \(source, region\).*\$gte of time; metadata.not a tag/);
  });

  it('is left out where it is too large for one', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_one, index) => [`f${index}`, index]));
    const { filter, notes } = data(many);
    expect([filter, notes[0]]).toEqual([undefined, expect.stringContaining('32 conditions')]);
  });
});

describe('filters of Convoy', () => {
  it('are one subscription for each filter, with its event types', () => {
    const parts = convoyParts([
      {
        uid: 'first',
        filter_config: { event_types: ['order.paid', 'order.sent', 'order.void'] },
        filters: [
          { event_type: 'order.paid', body: { 'customer.tier': 'premium' } },
          { event_type: 'order.void', body: { amount: { $gte: 100 } }, headers: { 'x-a': 'b' } },
        ],
      },
      { uid: 'second', filter_config: { event_types: ['order.open'], filter: { body: {}, headers: {} } } },
    ]);
    expect(parts.map(({ subscription, events }) => [subscription, events])).toEqual([
      ['first', ['order.paid']],
      ['first', ['order.sent', 'order.open']],
      ['first', ['order.void']],
    ]);
    expect(passing(parts[0]?.filter, EVENTS)).toEqual([PAID]);
    expect(parts[1]?.filter).toBeUndefined();
    expect(parts[2]?.notes.join()).toContain('conditions on headers');
  });

  it('are read with their operators; a pattern only where it says how a text begins, ends or is', () => {
    const read = (body: object) => convoyParts([{ uid: 's', filter_config: { filter: { body } } }])[0];
    expect(read({ status: 'paid' })?.events).toBeUndefined();
    expect(passing(read({ customer: { email: { $regex: 'example.com$' } } })?.filter, EVENTS)).toEqual(
      EVENTS,
    );
    expect(passing(read({ status: { $regex: '^pa' } })?.filter, EVENTS)).toEqual([PAID, SMALL]);
    expect(passing(read({ status: { $regex: '^void$' } })?.filter, EVENTS)).toEqual([VOID]);
    expect(read({ 'items.$.price': { $gt: 1 } })).toMatchObject({
      filter: undefined,
      notes: [expect.stringContaining('items.$.price')],
    });
  });

  it('are left out where all event types are wanted, and one has a filter of its own', () => {
    const [part, ...more] = convoyParts([
      {
        ...{ uid: 's', filter_config: { event_types: ['*'], filter: { body: { status: 'paid' } } } },
        filters: [
          { event_type: '*', body: { status: 'paid' } },
          { event_type: 'order.void', body: {} },
        ],
      },
    ]);
    expect(more).toEqual([]);
    expect(part).toMatchObject({ events: undefined, filter: undefined });
    expect(part?.notes.join()).toContain('order.void only');
  });
});
