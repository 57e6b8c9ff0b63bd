import { useQuery } from '@tanstack/react-query';
import { useSpace } from '../session/space.js';
import { call } from './client.js';

/** Work on many deliveries that the engine does by and by. */
export interface Job {
  id: string;
  kind: string;
  status: string;
  total: number | null;
  done: number;
  createdAt: string;
  finishedAt: string | null;
}

/** Follows a job until it is finished. */
export function useJob(job: string | null) {
  const space = useSpace();
  return useQuery({
    queryKey: ['job', space, job],
    queryFn: () => call<Job>('GET', `/v1/spaces/${encodeURIComponent(space)}/jobs/${job}`),
    enabled: job !== null,
    refetchInterval: ({ state }) => (state.data?.finishedAt == null ? 1_000 : false),
  });
}
