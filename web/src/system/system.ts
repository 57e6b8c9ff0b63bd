import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';

export type SystemState = Schemas['SystemState'];

/** The engine reads it again after five seconds at the earliest. */
const FRESH_MS = 5_000;

export function useSystem() {
  return useQuery({
    queryKey: ['system'],
    queryFn: () => body(GET('/v1/system')),
    refetchInterval: FRESH_MS,
  });
}
