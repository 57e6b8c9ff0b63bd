import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { body, GET } from '../api/client.js';
import { useSpace } from '../session/space.js';
import { learnNames } from '../subscriptions/subscriptions.js';
import {
  bringBack,
  letGo,
  merge,
  missingAround,
  newestOf,
  pageOf,
  rowsOf,
  startOver,
  type Feed,
  type Fresh,
  type Missing,
  type Page,
} from './feed.js';

/** What the engine has indexes for; exports and retries in bulk know these. */
const INDEXED = ['subscription', 'event', 'type', 'status', 'since', 'until'] as const;
/** What it looks for in a bounded number of deliveries. */
export const LOOKED_FOR = [
  ...(['state', 'statusCode', 'error', 'trigger', 'slowerThan', 'response', 'payload'] as const),
] as const;
export const FILTERS = [...INDEXED, ...LOOKED_FOR] as const;
export type DeliveryFilter = Partial<Record<(typeof FILTERS)[number], string>>;

/** What changes a filter. */
export interface FilterProps {
  filter: DeliveryFilter;
  change: (changes: Record<string, string | null>) => void;
}

const PAGE = 100;
const LIVE_MS = 2_000;
/** What a filter may cost the engine: a page that takes long is asked for less often. */
const LIVE_SHARE = 0.1;
/** With more news than this at once the list starts over instead of catching up. */
const MOST_NEWS = 5;
/** With more rows than this the newest page, which takes in the news, starts over. */
const MOST_ON_TOP = 1_000;
/** Nothing is put on top while one reads further down than this: it would push away what is being read. */
const TOP_ROWS = 8;

async function loadPage(
  queries: QueryClient,
  space: string,
  filter: DeliveryFilter,
  cursor: string | null,
): Promise<Page> {
  // The query's `status` is one of the API's words; a hand-written address may say others, and the engine then says so.
  const query = { ...filter, limit: PAGE, ...(cursor !== null && { cursor }) } as { limit: number };
  const page = await body(GET('/v1/spaces/{space}/deliveries', { params: { path: { space }, query } }));
  await learnNames(
    queries,
    space,
    page.data.map(({ subscriptionId }) => subscriptionId),
  );
  return page;
}

type Load = (cursor: string | null) => Promise<Page>;

/** What came on top of a list, newest first; or the page it starts over with when that is too much to catch up with. */
async function loadNews(load: Load, feed: Feed | undefined): Promise<Fresh & { start?: Page }> {
  const start = await load(null);
  const known = newestOf(feed);
  if (known === undefined || (feed?.pages[0]?.data.length ?? 0) > MOST_ON_TOP) return startingWith(start);
  const rows = [...start.data];
  let { nextCursor } = start;
  for (let pages = 1; pages < MOST_NEWS; pages += 1) {
    // Ids are in the order of time.
    if (nextCursor === null || rows.some(({ id }) => id <= known))
      return { rows, isTop: true, isEnd: nextCursor === null };
    const page = await load(nextCursor);
    rows.push(...page.data);
    nextCursor = page.nextCursor;
  }
  return startingWith(start);
}

function startingWith(start: Page) {
  return { rows: [], isTop: true, isEnd: false, start };
}

async function timed<T>(work: Promise<T>): Promise<T & { tookMs: number }> {
  const start = performance.now();
  return { ...(await work), tookMs: performance.now() - start };
}

/**
 * The deliveries of a filter: older ones as one scrolls, newer ones and changed ones every two seconds while `live` and
 * the tab is seen. Only the newest page or the page in view is asked for again, whatever was scrolled past.
 */
export function useDeliveryFeed(filter: DeliveryFilter, live: boolean) {
  const space = useSpace();
  const queries = useQueryClient();
  const filterKey = JSON.stringify(filter);
  // Not below `deliveries`: what changed is seen by the queries that are, and all pages are not asked for again.
  const key = useMemo(() => ['delivery-pages', space, filterKey], [space, filterKey]);
  const load = useCallback(
    (cursor: string | null) => loadPage(queries, space, JSON.parse(filterKey) as DeliveryFilter, cursor),
    [queries, space, filterKey],
  );
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const feed = pages.data as Feed | undefined;
  const change = useCallback<Change>(
    (how) => void queries.setQueryData<Feed>(key, (old) => old && how(old)),
    [queries, key],
  );
  const [row, setRow] = useState(0);
  const index = feed ? pageOf(feed, row) : 0;
  const inView = feed?.pageParams[index] ?? null;
  const isOnTop = row <= TOP_ROWS;
  const refetchInterval = ({ state }: { state: { data: { tookMs: number } | undefined } }) =>
    live && Math.max(LIVE_MS, (state.data?.tookMs ?? 0) / LIVE_SHARE);

  const news = useQuery({
    queryKey: ['deliveries', space, filterKey, 'news'],
    queryFn: () => timed(loadNews(load, queries.getQueryData<Feed>(key))),
    enabled: feed !== undefined && isOnTop,
    refetchInterval,
    gcTime: 0,
  });
  const viewed = useQuery({
    queryKey: ['deliveries', space, filterKey, 'viewed', inView],
    queryFn: () => timed(load(inView)),
    enabled: feed !== undefined && !isOnTop,
    refetchInterval,
    gcTime: 0,
  });
  useEffect(() => {
    if (!news.data) return;
    const { start, ...fresh } = news.data;
    change((old) => (start ? startOver(old, start) : merge(old, fresh)));
  }, [change, news.data]);
  useEffect(() => {
    if (!viewed.data) return;
    const { data: rows, nextCursor } = viewed.data;
    change((old) => merge(old, { rows, isTop: false, isEnd: nextCursor === null }));
  }, [change, viewed.data]);
  useBounded(feed, index, load, change);

  const rows = useMemo(() => (feed ? rowsOf(feed) : []), [feed]);
  return { ...pages, rows, onView: setRow };
}

type Change = (how: (feed: Feed) => Feed) => void;

/** Lets go of the rows far from a page, and asks again for those near it. */
function useBounded(feed: Feed | undefined, index: number, load: Load, change: Change): void {
  useEffect(() => change((old) => letGo(old, index)), [change, index]);
  const missing = JSON.stringify(feed ? missingAround(feed, index) : []);
  useEffect(() => {
    for (const { at, cursor } of JSON.parse(missing) as Missing[]) {
      // As with a page that is loaded while one scrolls: when it fails, scrolling on tries again.
      load(cursor).then(
        (page) => change((old) => bringBack(old, at, page)),
        () => undefined,
      );
    }
  }, [missing, load, change]);
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
