import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { useSpace } from '../session/space.js';

export type Subscription = Schemas['SubscriptionView'];

const MOST_PAGES = 8;

/** All subscriptions of a space, newest first; the first 2,000 of more. */
async function loadAll(space: string): Promise<Subscription[]> {
  const all: Subscription[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query: { limit: number; cursor?: string } = { limit: 250, ...(cursor !== null && { cursor }) };
    const page: Schemas['SubscriptionPage'] = await body(
      GET('/v1/spaces/{space}/subscriptions', { params: { path: { space }, query } }),
    );
    all.push(...page.data);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return all;
}

export function useSubscriptions(refetchInterval: number | false = false) {
  const space = useSpace();
  return useQuery({ queryKey: ['subscriptions', space], queryFn: () => loadAll(space), refetchInterval });
}

export function useSubscription(sub: string, refetchInterval: number | false = false) {
  const space = useSpace();
  return useQuery({
    queryKey: ['subscription', space, sub],
    queryFn: () => body(GET('/v1/spaces/{space}/subscriptions/{sub}', { params: { path: { space, sub } } })),
    refetchInterval,
  });
}

/** Gives a subscription's name by its `sub_` id: what people call it, else where it leads. */
export function useSubscriptionNames(): (id: string) => string {
  const { data } = useSubscriptions();
  const names = new Map(data?.map((one) => [one.id, nameOf(one)]));
  return (id) => names.get(id) ?? id;
}

export function nameOf({ uid, url }: Pick<Subscription, 'uid' | 'url'>): string {
  return uid ?? shortUrl(url);
}

/** Without the scheme, which says little in a list. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
