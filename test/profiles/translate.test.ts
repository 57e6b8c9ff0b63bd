import type { Equivalent } from '../../src/profiles/equivalents.js';
import { knownProfiles, profileOf } from '../../src/profiles/registry.js';
import { translate, type TranslatableEvent } from '../../src/profiles/translate.js';

const others = knownProfiles().filter((name) => name !== 'native');
const rows: [string, Equivalent][] = others.flatMap((name) =>
  profileOf(name).equivalents.map((equivalent): [string, Equivalent] => [name, equivalent]),
);

function exampleOf(profile: string, type: string): object {
  const found = profileOf(profile).catalogue.find(({ name }) => name === type);
  if (!found) throw new Error(`${profile} has no ${type}`);
  return found.example;
}

function event(type: string, data: object): TranslatableEvent {
  return { id: '0191e8a0-7b2c-7d3e-8f40-000000000009', type, data, occurredAt: new Date(0), scope: {} };
}

/** The native example with the value the equivalent asks for. */
function nativeExample({ native, when }: Equivalent): object {
  const data = structuredClone(exampleOf('native', native)) as Record<string, unknown>;
  if (when) {
    const names = when.path.split('.');
    const last = names.pop() as string;
    const place = names.reduce((object, name) => object[name] as Record<string, unknown>, data);
    place[last] = when.is[0];
  }
  return data;
}

describe('the table of equivalents', () => {
  it.each(others)('%s names only events that are in both catalogues', (name) => {
    for (const { native, theirs } of profileOf(name).equivalents) {
      expect(exampleOf('native', native)).toBeDefined();
      expect(exampleOf(name, theirs)).toBeDefined();
    }
  });

  it.each(rows)(
    '%s: a native event and back keeps its type and every field the two share ($native)',
    (name, row) => {
      const there = translate(event(row.native, nativeExample(row)), 'native', name);
      const mine = there.find(({ type }) => type === row.theirs);
      expect(mine).toBeDefined();
      const [back] = translate(event(row.theirs, mine?.data as object), name, 'native');
      expect(back?.type).toBe(row.native);
      const again = translate(event(row.native, back?.data as object), 'native', name);
      expect(again.find(({ type }) => type === row.theirs)).toEqual(mine);
    },
  );

  it.each(rows)('%s: an event of theirs becomes native and comes back as the same type', (name, row) => {
    const [native] = translate(event(row.theirs, exampleOf(name, row.theirs)), name, 'native');
    expect(native?.type).toBe(row.native);
    const back = translate(event(row.native, native?.data as object), 'native', name);
    expect(back.map(({ type }) => type)).toContain(row.theirs);
  });

  it('says nothing for what has no equivalent', () => {
    expect(translate(event('tag.create', exampleOf('native', 'tag.create')), 'native', 'leadlex')).toEqual(
      [],
    );
    expect(translate(event('lexi.task_created', {}), 'leadlex', 'native')).toEqual([]);
    const renamed = { ...exampleOf('native', 'campaign.update'), status: 'renamed' };
    expect(translate(event('campaign.update', renamed), 'native', 'leadlex')).toEqual([]);
    const removed = { ...exampleOf('native', 'lead.list.update'), to: null };
    expect(translate(event('lead.list.update', removed), 'native', 'leadlex')).toEqual([]);
  });

  it('leads from one provider to another', () => {
    const translated = translate(
      event('contact.created', exampleOf('leadlex', 'contact.created')),
      'leadlex',
      'breakcold',
    );
    expect(translated).toEqual([
      {
        type: 'lead.create',
        data: {
          id: '789e0123-e45b-67c8-a901-234567890abc',
          first_name: 'Jane',
          last_name: 'Doe',
          email: 'jane@example.com',
          created_at: '2026-02-24T10:00:00.000Z',
        },
      },
    ]);
  });
});
