import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { useSpace } from '../session/space.js';

export type EventType = Schemas['EventTypeReply'];

/** The space's catalogue. */
export function useEventTypes() {
  const space = useSpace();
  return useQuery({
    queryKey: ['event-types', space],
    queryFn: async () => {
      const { data } = await body(GET('/v1/spaces/{space}/event-types', { params: { path: { space } } }));
      return data;
    },
    staleTime: 5 * 60_000,
  });
}

/** A profile's own catalogue. */
export function useProfileTypes(profile: string | null) {
  return useQuery({
    queryKey: ['profile-types', profile],
    queryFn: async () => {
      const query = { profile: profile ?? 'native' } as { profile: 'native' };
      const { data } = await body(GET('/v1/event-types', { params: { query } }));
      return data;
    },
    enabled: profile !== null,
    staleTime: Infinity,
  });
}

/** Event types by family, both in the catalogue's order. */
export function byFamily(types: EventType[]): [family: string, types: EventType[]][] {
  const families = new Map<string, EventType[]>();
  for (const type of types) families.set(type.family, [...(families.get(type.family) ?? []), type]);
  return [...families];
}

/** Whether a subscription's patterns take a type: its name, `prefix.*`, `prefix:*` or `*`. */
export function wants(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (/[.:]\*$/.test(pattern) && type.startsWith(pattern.slice(0, -1))),
  );
}
