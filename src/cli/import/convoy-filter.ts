import {
  CONVOY_FILTERS,
  FILTER_TAKEN,
  filterOf,
  leftOut,
  readFilter,
  type ImportedFilter,
} from './source-filter.js';

interface Conditions {
  body?: object | null;
  headers?: object | null;
  query?: object | null;
  path?: object | null;
}
export interface ConvoySubscription {
  uid: string;
  filter_config?: { event_types?: string[] | null; filter?: Conditions | null } | null;
  /** Of later releases: one for each event type, `*` for those without. */
  filters?: ({ event_type: string } & Conditions)[];
}

/** What a subscription of Posthorn gets of an endpoint of Convoy: event types with the same filter. */
export interface ConvoyPart {
  /** The first subscription of Convoy in it. */
  subscription: string;
  /** Absent: all. */
  events: string[] | undefined;
  filter: ImportedFilter | undefined;
  notes: string[];
}

/**
 * An endpoint's subscriptions by what their filters come to; each event type of a subscription may have its own. What
 * cannot be written is left out, so that an event may come too much, but none too few.
 */
export function convoyParts(subscriptions: ConvoySubscription[]): ConvoyPart[] {
  const parts = new Map<string, ConvoyPart & { types: Set<string> }>();
  for (const one of subscriptions) {
    for (const { type, conditions, notes } of filtersOf(one)) {
      const read = readConditions(conditions);
      const key = JSON.stringify(read.filter ?? null);
      const part = parts.get(key) ?? {
        ...{ subscription: one.uid, events: undefined, filter: read.filter, notes: [], types: new Set() },
      };
      part.types.add(type);
      part.notes = [...new Set([...part.notes, ...notes, ...read.notes])];
      parts.set(key, part);
    }
  }
  const others =
    parts.size > 1 ? ['Its subscriptions have different filters: it comes over once for each.'] : [];
  return [...parts.values()].map(({ types, notes, ...part }) => ({
    ...part,
    events: types.has('*') ? undefined : [...types],
    notes: [...notes, ...others],
  }));
}

interface TypeFilter {
  type: string;
  conditions: Conditions;
  notes: string[];
}

function filtersOf({ filter_config: config, filters = [] }: ConvoySubscription): TypeFilter[] {
  const types = config?.event_types?.length ? config.event_types : ['*'];
  const own = (type: string) => filters.find(({ event_type: name }) => name === type);
  const single = filters.map(({ event_type: name }) => name).filter((name) => name !== '*');
  if (types.includes('*') && single.length > 0) {
    const note = `Its filters are not imported: it gets all event types, they are for ${single.join(', ')} only.`;
    return [{ type: '*', conditions: {}, notes: [note] }];
  }
  const usual = own('*') ?? config?.filter ?? {};
  return types.map((type) => ({ type, conditions: own(type) ?? usual, notes: [] }));
}

function readConditions({ body, headers, query, path }: Conditions): {
  filter?: ImportedFilter;
  notes: string[];
} {
  const { nodes, left } = isEmpty(body) ? { nodes: [], left: [] } : readFilter(body, CONVOY_FILTERS);
  const filter = filterOf(nodes, left);
  for (const [name, conditions] of Object.entries({ headers, query, path }))
    if (!isEmpty(conditions)) left.push(`conditions on ${name}, which events do not have`);
  const taken = filter === null ? [] : [FILTER_TAKEN];
  return { ...(filter && { filter }), notes: [...taken, ...leftOut(left)] };
}

function isEmpty(conditions: object | null | undefined): conditions is null | undefined {
  return !conditions || Object.keys(conditions).length === 0;
}
