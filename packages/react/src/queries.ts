import type { Schemas } from '@posthorn/client';
import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { every, usePortal, type Portal } from './provider.js';

export type Session = Schemas['SessionView'];
export type Endpoint = Schemas['SubscriptionView'];
export type Delivery = Schemas['DeliveryView'];
export type DeliveryDetail = Schemas['DeliveryDetail'];
export type AttemptSummary = Schemas['AttemptSummary'];
export type Attempt = Schemas['AttemptDetail'];
export type EventType = Schemas['EventTypeReply'];
export type Secret = Schemas['SecretView'];

export interface Refreshed {
  /** How often it is asked for again while it is shown, milliseconds; default: never. */
  refetchInterval?: number | false;
  /** False: not yet. */
  enabled?: boolean;
}

/** A list that is loaded page by page. */
export interface List<T> {
  rows: T[];
  /** Nothing is known yet. */
  isPending: boolean;
  /** Why the first page or the next one did not come; what was loaded stays. */
  error: Error | null;
  hasMore: boolean;
  loadMore: () => void;
  isLoadingMore: boolean;
  refetch: () => void;
}

interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

function usePages<T>(
  key: readonly unknown[],
  load: (portal: Portal, cursor: string | undefined) => Promise<Page<T>>,
  { refetchInterval = false, enabled = true }: Refreshed,
): List<T> {
  const portal = usePortal();
  const query = useInfiniteQuery(
    {
      queryKey: key,
      queryFn: ({ pageParam }) => load(portal, pageParam),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page: Page<T>) => page.nextCursor ?? undefined,
      // All pages would be asked for again: so only while there is one.
      refetchInterval: ({ state }) =>
        (state.data?.pages.length ?? 0) > 1 ? false : every(refetchInterval)({ state }),
      enabled,
    },
    portal.queries,
  );
  const { data } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  return {
    rows,
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    isLoadingMore: query.isFetchingNextPage,
    refetch: () => void query.refetch(),
  };
}

function useOne<T>(
  key: readonly unknown[],
  load: (portal: Portal) => Promise<T>,
  { refetchInterval, enabled = true }: Refreshed = {},
): UseQueryResult<T> {
  const portal = usePortal();
  return useQuery<T>(
    { queryKey: key, queryFn: () => load(portal), refetchInterval: every(refetchInterval), enabled },
    portal.queries,
  );
}

/** Whose token it is: the space, the rights, and how the space’s portal looks. */
export function useSession(): UseQueryResult<Session> {
  return useOne(['session'], ({ client }) => client.get('/v1/session'));
}

export interface EndpointFilter extends Refreshed {
  /** A text in the URL, the description or the uid. */
  q?: string;
  status?: 'active' | 'paused';
  limit?: number;
}

/** The endpoints of the space, newest first. */
export function useEndpoints({ q, status, limit = 50, ...rest }: EndpointFilter = {}): List<Endpoint> {
  return usePages<Endpoint>(
    ['endpoints', { q, status, limit }],
    async ({ client, space }, cursor) => {
      const query = { ...(q && { q }), ...(status && { status }), ...(cursor && { cursor }), limit };
      return client.get('/v1/spaces/{space}/subscriptions', {
        params: { path: { space: await space() }, query },
      });
    },
    rest,
  );
}

export function useEndpoint(endpoint: string, options?: Refreshed): UseQueryResult<Endpoint> {
  return useOne<Endpoint>(
    ['endpoint', endpoint],
    async ({ client, space }) =>
      client.get('/v1/spaces/{space}/subscriptions/{sub}', {
        params: { path: { space: await space(), sub: endpoint } },
      }),
    options,
  );
}

/** The secrets that sign an endpoint’s requests. Needs the right `secrets`. */
export function useEndpointSecret(endpoint: string, options?: Refreshed): UseQueryResult<Secret> {
  return useOne<Secret>(
    ['secret', endpoint],
    async ({ client, space }) =>
      client.get('/v1/spaces/{space}/subscriptions/{sub}/secret', {
        params: { path: { space: await space(), sub: endpoint } },
      }),
    options,
  );
}

export interface DeliveryFilter extends Refreshed {
  /** The endpoint’s id or uid. */
  endpoint?: string;
  /** The event’s id. */
  event?: string;
  /** The event type. */
  type?: string;
  status?: Delivery['status'];
  /** ISO 8601. */
  since?: string;
  until?: string;
  limit?: number;
}

/** Deliveries, newest first. */
export function useDeliveries(filter: DeliveryFilter = {}): List<Delivery> {
  const { refetchInterval, enabled, endpoint, limit = 50, ...others } = filter;
  const given = { ...others, ...(endpoint && { subscription: endpoint }), limit };
  return usePages<Delivery>(
    ['deliveries', given],
    async ({ client, space }, cursor) =>
      client.get('/v1/spaces/{space}/deliveries', {
        params: { path: { space: await space() }, query: { ...given, ...(cursor && { cursor }) } },
      }),
    { ...(refetchInterval !== undefined && { refetchInterval }), ...(enabled !== undefined && { enabled }) },
  );
}

/** A delivery with the list of its attempts. */
export function useDelivery(delivery: string, options?: Refreshed): UseQueryResult<DeliveryDetail> {
  return useOne<DeliveryDetail>(
    ['delivery', delivery],
    async ({ client, space }) =>
      client.get('/v1/spaces/{space}/deliveries/{delivery}', {
        params: { path: { space: await space(), delivery } },
      }),
    options,
  );
}

/** The attempts of a delivery, the first one first. */
export function useAttempts(
  delivery: string,
  options?: Refreshed,
): { rows: AttemptSummary[]; isPending: boolean; error: Error | null; refetch: () => void } {
  const { data, isPending, error, refetch } = useDelivery(delivery, options);
  return { rows: data?.attempts ?? [], isPending, error, refetch: () => void refetch() };
}

/** One attempt with what was sent and what came back. */
export function useAttempt(delivery: string, n: number, options?: Refreshed): UseQueryResult<Attempt> {
  return useOne<Attempt>(
    ['attempt', delivery, n],
    async ({ client, space }) =>
      client.get('/v1/spaces/{space}/deliveries/{delivery}/attempts/{n}', {
        params: { path: { space: await space(), delivery, n } },
      }),
    options,
  );
}

/** The event types that an endpoint may choose. */
export function useEventTypes(options?: Refreshed): UseQueryResult<EventType[]> {
  return useOne<EventType[]>(
    ['event-types'],
    async ({ client, space }) => {
      const path = { space: await space() };
      return (await client.get('/v1/spaces/{space}/event-types', { params: { path } })).data;
    },
    options,
  );
}
