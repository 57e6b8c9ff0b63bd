import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { body, GET, type Schemas } from '../api/client.js';
import { useSpace } from '../session/space.js';

export type Delivery = Schemas['DeliveryView'];
type Page = Schemas['DeliveryPage'];

export const FILTERS = ['subscription', 'event', 'type', 'status', 'since', 'until'] as const;
export type DeliveryFilter = Partial<Record<(typeof FILTERS)[number], string>>;

const PAGE = 100;
const LIVE_MS = 2_000;
/** With more news than this at once the list starts over instead of catching up. */
const MOST_NEWS = 5;

function loadPage(space: string, filter: DeliveryFilter, cursor: string | null): Promise<Page> {
  // The query's `status` is one of the API's words; a hand-written address may say others, and the engine then says so.
  const query = { ...filter, limit: PAGE, ...(cursor !== null && { cursor }) } as { limit: number };
  return body(GET('/v1/spaces/{space}/deliveries', { params: { path: { space }, query } }));
}

/** What came before `known`, newest first; null when that is too much to catch up with. */
async function loadNews(
  space: string,
  filter: DeliveryFilter,
  known: string | undefined,
): Promise<Page['data'] | null> {
  const news: Delivery[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_NEWS; pages += 1) {
    const page = await loadPage(space, filter, cursor);
    news.push(...page.data);
    // Ids are in the order of time.
    if (page.nextCursor === null || known === undefined || page.data.some(({ id }) => id <= known))
      return news;
    cursor = page.nextCursor;
  }
  return null;
}

/**
 * The deliveries of a filter: older ones as one scrolls, newer ones and changed ones every two seconds while `live` and
 * the tab is seen. Only the newest page and the page in view are asked for again, whatever was scrolled past.
 */
export function useDeliveryFeed(filter: DeliveryFilter, live: boolean) {
  const space = useSpace();
  const queries = useQueryClient();
  const filterKey = JSON.stringify(filter);
  const key = useMemo(() => ['deliveries', space, filterKey], [space, filterKey]);
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => loadPage(space, filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const [inView, setInView] = useState<string | null>(null);
  const data = pages.data;

  const news = useQuery({
    queryKey: [...key, 'news'],
    queryFn: () => loadNews(space, filter, newestOf(queries.getQueryData(key))),
    enabled: live && data !== undefined,
    refetchInterval: LIVE_MS,
    gcTime: 0,
  });
  const viewed = useQuery({
    queryKey: [...key, 'viewed', inView],
    queryFn: () => loadPage(space, filter, inView),
    enabled: live && inView !== null,
    refetchInterval: LIVE_MS,
    gcTime: 0,
  });
  useEffect(() => {
    if (news.data === null) void queries.resetQueries({ queryKey: key, exact: true });
    else if (news.data) queries.setQueryData<Feed>(key, (feed) => merge(feed, news.data ?? [], true));
  }, [queries, key, news.data]);
  useEffect(() => {
    if (viewed.data) queries.setQueryData<Feed>(key, (feed) => merge(feed, viewed.data.data, false));
  }, [queries, key, viewed.data]);

  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const onView = useCallback(
    (first: Delivery) => {
      const feed = queries.getQueryData<Feed>(key);
      const at = feed?.pages.findIndex((page) => page.data.some(({ id }) => id === first.id)) ?? -1;
      setInView(at > 0 ? (feed?.pageParams[at] ?? null) : null);
    },
    [queries, key],
  );
  return { ...pages, rows, onView };
}

type Feed = InfiniteData<Page, string | null>;

function newestOf(feed: Feed | undefined): string | undefined {
  return feed?.pages.find((page) => page.data.length > 0)?.data[0]?.id;
}

/** Puts the present state of rows in place of the old one, and new rows on top. */
function merge(feed: Feed | undefined, fresh: Delivery[], withNew: boolean): Feed | undefined {
  if (!feed) return feed;
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const pages = feed.pages.map((page) => {
    const data = page.data.map((row) => {
      const now = byId.get(row.id) ?? row;
      byId.delete(row.id);
      return isSame(row, now) ? row : now;
    });
    return data.some((row, index) => row !== page.data[index]) ? { ...page, data } : page;
  });
  const newest = newestOf(feed) ?? '';
  const added = withNew ? [...byId.values()].filter(({ id }) => id > newest) : [];
  const [head, ...rest] = pages;
  if (head && added.length > 0)
    return { ...feed, pages: [{ ...head, data: [...added, ...head.data] }, ...rest] };
  return pages.some((page, index) => page !== feed.pages[index]) ? { ...feed, pages } : feed;
}

function isSame(a: Delivery, b: Delivery): boolean {
  return a.status === b.status && a.attemptCount === b.attemptCount && a.nextAttemptAt === b.nextAttemptAt;
}

export function useDelivery(delivery: string) {
  const space = useSpace();
  return useQuery({
    queryKey: ['delivery', space, delivery],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/deliveries/{delivery}', { params: { path: { space, delivery } } })),
    // A finished one changes only by a person's retry, which asks again by itself.
    refetchInterval: ({ state }) => ((state.data?.finishedAt ?? null) === null ? LIVE_MS : false),
  });
}
