import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

type Pages<T> = InfiniteData<Page<T>, string | null>;

interface Options<T> {
  /** What is asked, and of what. */
  key: unknown[];
  load: (cursor: string | null) => Promise<Page<T>>;
  keyOf: (row: T) => string;
  /** How often the page in view is asked for again, milliseconds; false: never. */
  refreshMs?: number | false;
  enabled?: boolean;
}

/**
 * A list of the server's, page by page as one scrolls. Only the page in view is asked for again, however many were
 * scrolled past.
 */
export function usePaged<T>({ key, load, keyOf, refreshMs = false, enabled = true }: Options<T>) {
  const queries = useQueryClient();
  const text = JSON.stringify(key);
  const pagesKey = useMemo(() => [...(JSON.parse(text) as unknown[]), 'pages'], [text]);
  const pages = useInfiniteQuery({
    queryKey: pagesKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    enabled,
  });
  const [row, setRow] = useState(0);
  const data = pages.data as Pages<T> | undefined;
  const at = pageAt(data, row);
  const cursor = data?.pageParams[at] ?? null;
  const fresh = useQuery({
    queryKey: [...key, 'fresh', at, cursor],
    queryFn: () => load(cursor),
    enabled: enabled && refreshMs !== false && pages.data !== undefined,
    initialData: () => pages.data?.pages[at],
    initialDataUpdatedAt: Date.now,
    refetchInterval: refreshMs,
    staleTime: refreshMs === false ? Infinity : refreshMs,
    gcTime: 0,
  });
  useEffect(() => {
    const page = fresh.data;
    const old = queries.getQueryData<Pages<T>>(pagesKey);
    if (!page || !old || old.pages[at] === page || old.pageParams[at] !== cursor) return;
    const next = old.pages.map((one, index) => (index === at ? page : one));
    queries.setQueryData<Pages<T>>(pagesKey, { ...old, pages: next });
    // A row that is on no page now was removed, or moved to a later one, which has to show it.
    const rowsOf = (all: Page<T>[]) => all.flatMap(({ data }) => data.map(keyOf));
    const left = new Set(rowsOf(next));
    if (at + 1 < next.length && rowsOf(old.pages).some((key) => !left.has(key)))
      void queries.refetchQueries({ queryKey: pagesKey });
  }, [queries, pagesKey, fresh.data, at, cursor, keyOf]);
  const rows = useMemo(() => {
    const byKey = new Map<string, T>();
    for (const page of pages.data?.pages ?? []) for (const one of page.data) byKey.set(keyOf(one), one);
    return [...byKey.values()];
    // `keyOf` is a plain function of the row.
  }, [pages.data, keyOf]);
  return {
    rows,
    onView: setRow,
    error: pages.data ? null : pages.error,
    isPending: pages.isPending,
    isEmpty: pages.data !== undefined && rows.length === 0,
    loading: pages.isFetchingNextPage,
    retry: () => void pages.refetch(),
    /** Undefined where there is no more, or it is in progress. */
    loadMore: pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined,
    hasMore: pages.hasNextPage,
  };
}

function pageAt<T>(data: Pages<T> | undefined, row: number): number {
  let end = 0;
  const index = data?.pages.findIndex((page) => (end += page.data.length) > row) ?? 0;
  return Math.max(0, index);
}
