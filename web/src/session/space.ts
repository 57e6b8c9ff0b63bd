import { useQuery } from '@tanstack/react-query';
import { useContext } from 'react';
import { body, GET } from '../api/client.js';
import { useSession } from './session.js';
import { SpaceContext } from './space-context.js';

export { SpaceContext };

export function useSpaceIfAny(): string | null {
  return useContext(SpaceContext);
}

export function useSpace(): string {
  const space = useSpaceIfAny();
  if (space === null) throw new Error('No space is open.');
  return space;
}

export function spacePath(space: string, page: string): string {
  return `/s/${encodeURIComponent(space)}/${page}`;
}

/** The address of a page of this space. */
export function useSpaceLink(): (page: string) => string {
  const space = useSpace();
  return (page) => spacePath(space, page);
}

/** One space by its id or uid; a portal link may not read it. */
export function useSpaceFacts(space: string | null) {
  const { kind } = useSession();
  return useQuery({
    queryKey: ['space', space],
    queryFn: () => body(GET('/v1/spaces/{space}', { params: { path: { space: space ?? '' } } })),
    enabled: space !== null && kind !== 'portal',
    staleTime: 60_000,
  });
}

/** The profile of this space; undefined until it is known. */
export function useSpaceProfile(): string | undefined {
  const { profile } = useSession();
  const space = useSpace();
  const facts = useSpaceFacts(profile === null ? space : null);
  return profile ?? facts.data?.profile;
}
