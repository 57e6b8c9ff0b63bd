import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { body, GET } from '../api/client.js';
import { useSpace } from '../session/space.js';

export const EVENT_FILTERS = ['type', 'since', 'until'] as const;
export type EventFilter = Partial<Record<(typeof EVENT_FILTERS)[number], string>>;

export function useEvents(filter: EventFilter) {
  const space = useSpace();
  return useInfiniteQuery({
    queryKey: ['events', space, JSON.stringify(filter)],
    queryFn: ({ pageParam }) => {
      const query = { ...filter, limit: 100, ...(pageParam !== null && { cursor: pageParam }) };
      return body(GET('/v1/spaces/{space}/events', { params: { path: { space }, query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    // Pages are asked for again one after the other, so only a list that was not scrolled keeps itself fresh.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 4_000 : false),
  });
}

export function useEvent(event: string) {
  const space = useSpace();
  return useQuery({
    queryKey: ['event', space, event],
    queryFn: () => body(GET('/v1/spaces/{space}/events/{event}', { params: { path: { space, event } } })),
    staleTime: Infinity,
  });
}

/** Whether each subscription heard an event, and if not, why. */
export function useRouting(event: string) {
  const space = useSpace();
  return useInfiniteQuery({
    queryKey: ['routing', space, event],
    queryFn: ({ pageParam }) => {
      const query = { limit: 250, ...(pageParam !== null && { cursor: pageParam }) };
      return body(
        GET('/v1/spaces/{space}/events/{event}/routing', { params: { path: { space, event }, query } }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
