import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { useSpace } from '../session/space.js';

export const WINDOWS = ['1h', '24h', '7d'] as const;
export type Window = (typeof WINDOWS)[number];

export type Overview = Schemas['OverviewView'];
export type Bucket = Schemas['BucketView'];

export function useOverview(window: Window) {
  const space = useSpace();
  return useQuery({
    queryKey: ['overview', space, window],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/overview', { params: { path: { space }, query: { window } } })),
    refetchInterval: 4_000,
    placeholderData: (before) => before,
  });
}
