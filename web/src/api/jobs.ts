import { useQuery } from '@tanstack/react-query';
import { useSpace } from '../session/space.js';
import { body, GET } from './client.js';

/** Follows a job until it is finished. */
export function useJob(job: string | null) {
  const space = useSpace();
  return useQuery({
    queryKey: ['job', space, job],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/jobs/{job}', { params: { path: { space, job: job ?? '' } } })),
    enabled: job !== null,
    refetchInterval: ({ state }) => ((state.data?.finishedAt ?? null) === null ? 1_000 : false),
  });
}
