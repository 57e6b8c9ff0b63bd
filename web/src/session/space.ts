import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { body, GET } from '../api/client.js';
import { useSession } from './session.js';

/** The space one looks at, as it stands in the address: its id or its uid. */
export const SpaceContext = createContext<string | null>(null);

export function useSpace(): string {
  const space = useContext(SpaceContext);
  if (space === null) throw new Error('No space here.');
  return space;
}

/** The address of a page of this space. */
export function useSpaceLink(): (page: string) => string {
  const space = useSpace();
  return (page) => `/s/${encodeURIComponent(space)}/${page}`;
}

/** The profile of this space; undefined until it is known. */
export function useSpaceProfile(): string | undefined {
  const space = useSpace();
  const { profile } = useSession();
  const spaces = useSpaces();
  return profile ?? spaces.data?.data.find((one) => one.id === space || one.uid === space)?.profile;
}

/** All spaces; for the operator only. */
export function useSpaces() {
  const { kind } = useSession();
  return useQuery({
    queryKey: ['spaces'],
    queryFn: () => body(GET('/v1/spaces', { params: { query: { limit: 250 } } })),
    enabled: kind === 'admin',
    staleTime: 60_000,
  });
}
