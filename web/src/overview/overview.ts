import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.js';
import { useSpace } from '../session/space.js';

export const WINDOWS = ['1h', '24h', '7d'] as const;
export type Window = (typeof WINDOWS)[number];

/** One stretch of time of the chart. */
export interface Bucket {
  at: string;
  succeeded: number;
  failed: number;
  retried: number;
}

export interface Overview {
  buckets: Bucket[];
  /** Milliseconds from publish to arrival; null when nothing arrived. */
  latency: { p50: number; p95: number; p99: number } | null;
  waiting: { retrying: number; held: number; pending: number };
  endpoints: { active: number; paused: number; failing: number };
  worst: { subscriptionId: string; url: string; reason: string; failureCount: number; status: string }[];
}

export function useOverview(window: Window) {
  const space = useSpace();
  return useQuery({
    queryKey: ['overview', space, window],
    queryFn: () => call<Overview>('GET', `/v1/spaces/${encodeURIComponent(space)}/overview?window=${window}`),
    refetchInterval: 4_000,
    placeholderData: (before) => before,
  });
}
