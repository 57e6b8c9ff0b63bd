import { useQuery } from '@tanstack/react-query';
import { body, GET } from '../api/client.js';

/** How people may sign in, and whether a cookie says that somebody is. */
export function useSignInWays() {
  return useQuery({ queryKey: ['sign-in'], queryFn: () => body(GET('/v1/sign-in')), gcTime: 0 });
}
