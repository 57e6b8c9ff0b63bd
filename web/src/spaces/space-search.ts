import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';

export type Space = Schemas['Space'];

/** As many as a list to choose from shows. */
const SHOWN = 20;

/** The spaces with a text in their name or uid; for the operator only. */
export function useSpaceSearch(q: string, enabled: boolean) {
  return useQuery({
    queryKey: ['spaces', 'search', q],
    queryFn: () => body(GET('/v1/spaces', { params: { query: { limit: SHOWN, ...(q !== '' && { q }) } } })),
    enabled,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
}

/** What stands for a space in addresses. */
export function refOf({ uid, id }: Pick<Space, 'uid' | 'id'>): string {
  return uid ?? id;
}
