import { keepPreviousData, useQuery, type QueryClient } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { together } from '../api/together.js';
import { usePaged } from '../parts/paged.js';
import { useSpace } from '../session/space.js';
import { visible } from '../text/untrusted.js';

export type Subscription = Schemas['SubscriptionView'];

/** What of a space's subscriptions to list. */
export interface SubscriptionFilter {
  q?: string;
  status?: string;
  sort?: string;
}

/** A page of the list: some more than a screen holds. */
const PAGE = 30;
/** As many as a list to choose from shows. */
const SHOWN = 20;
const FRESH_MS = 10_000;
/** As many as the engine answers for at once. */
const MOST_NAMES = 100;

export const idOf = ({ id }: Subscription) => id;

function load(space: string, filter: SubscriptionFilter, limit: number, cursor: string | null) {
  // A state or an order from a hand-written address may be no word of the API; the engine then says so.
  const { sort, ...rest } = filter;
  const order = sort === 'url' ? 'asc' : 'desc';
  const query = {
    ...{ ...rest, limit, order },
    ...(sort !== undefined && { sort }),
    ...(cursor !== null && { cursor }),
  } as { limit: number };
  return body(GET('/v1/spaces/{space}/subscriptions', { params: { path: { space }, query } }));
}

/** The subscriptions of a filter, page by page. */
export function useSubscriptionPages(filter: SubscriptionFilter) {
  const space = useSpace();
  return usePaged<Subscription>({
    key: ['subscriptions', space, filter],
    load: (cursor) => load(space, filter, PAGE, cursor),
    keyOf: idOf,
    refreshMs: FRESH_MS,
  });
}

/** The first subscriptions with a text in what they are called or lead to. */
export function useSubscriptionSearch(q: string, enabled = true) {
  const space = useSpace();
  return useQuery({
    queryKey: ['subscriptions', space, 'search', q],
    queryFn: () => load(space, q === '' ? {} : { q }, SHOWN, null),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** The choices of a field for a subscription. */
export function useSubscriptionChoices(q: string, opened: boolean) {
  return useSubscriptionSearch(q, opened).data?.data.map(toChoice);
}

export function toChoice(one: Subscription) {
  return { value: one.id, label: visible(nameOf(one)) };
}

export function useSubscription(sub: string | null, refetchInterval: number | false = false) {
  const space = useSpace();
  return useQuery({
    queryKey: ['subscription', space, sub],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/subscriptions/{sub}', { params: { path: { space, sub: sub ?? '' } } })),
    enabled: sub !== null,
    refetchInterval,
  });
}

type Name = Schemas['NameView'];

const askers = new Map<string, (subscription: string) => Promise<Name>>();

/** One request for all the names that are on the screen. */
function askerOf(space: string): (subscription: string) => Promise<Name> {
  const known = askers.get(space);
  if (known) return known;
  const asker = together(async (subscription) => {
    const params = { path: { space }, query: { subscription } };
    return (await body(GET('/v1/spaces/{space}/subscription-names', { params }))).data;
  }, MOST_NAMES);
  askers.set(space, asker);
  return asker;
}

function nameQuery(space: string, id: string) {
  return {
    queryKey: ['subscription-name', space, id],
    queryFn: () => askerOf(space)(id),
    staleTime: 60_000,
  };
}

/** Asks for the names of these at once, so that rows come with them. A name that does not come keeps nothing back. */
export async function learnNames(queries: QueryClient, space: string, ids: string[]): Promise<void> {
  const names = [...new Set(ids)].map((id) =>
    queries.query({ ...nameQuery(space, id), staleTime: 'static' }),
  );
  await Promise.allSettled(names);
}

/** A subscription's name by its `sub_` id: what people call it, else where it leads. */
export function useSubscriptionName(id: string): string {
  const space = useSpace();
  const { data } = useQuery({ ...nameQuery(space, id), enabled: id.startsWith('sub_') });
  return data?.url ? nameOf({ uid: data.uid, url: data.url }) : id;
}

export function nameOf({ uid, url }: Pick<Subscription, 'uid' | 'url'>): string {
  return uid ?? shortUrl(url);
}

/** Without the scheme, which says little in a list. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
