import type { InfiniteData } from '@tanstack/react-query';
import type { Schemas } from '../api/client.js';

export type Delivery = Schemas['DeliveryView'];
export type Page = Schemas['DeliveryPage'];

/** The list as far as it was scrolled, newest first. A page that was let go is empty, and keeps its place. */
export type Feed = InfiniteData<Page & { gone?: number }, string | null>;

/** Pages kept on each side of the one in view. */
const KEPT = 10;

/** Every row, with a gap in the place of each one that was let go. */
export function rowsOf(feed: Feed): (Delivery | undefined)[] {
  return feed.pages.flatMap(({ data, gone }) =>
    gone === undefined ? data : Array<undefined>(gone).fill(undefined),
  );
}

/** Which page has this row. */
export function pageOf(feed: Feed, row: number): number {
  let end = 0;
  const index = feed.pages.findIndex(({ data, gone }) => (end += gone ?? data.length) > row);
  return index === -1 ? feed.pages.length - 1 : index;
}

/** Without the rows far from a page, so that memory stays the same however far one scrolls. The newest page stays. */
export function letGo(feed: Feed, around: number): Feed {
  const isFar = (index: number) => index > 0 && Math.abs(index - around) > KEPT;
  if (!feed.pages.some(({ gone }, index) => gone === undefined && isFar(index))) return feed;
  const pages = feed.pages.map((page, index) =>
    page.gone === undefined && isFar(index) ? { ...page, data: [], gone: page.data.length } : page,
  );
  return { ...feed, pages };
}

/** A page that was let go, and how to ask for it. */
export interface Missing {
  at: number;
  cursor: string | null;
}

/** What has to be asked for again to show this page and those next to it. */
export function missingAround(feed: Feed, index: number): Missing[] {
  return [index - 1, index, index + 1]
    .filter((at) => feed.pages[at]?.gone !== undefined)
    .map((at) => ({ at, cursor: feed.pageParams[at] ?? null }));
}

/** With a page's rows in their place again. */
export function bringBack(feed: Feed, index: number, { data }: Page): Feed {
  const pages = feed.pages.map((page, at) => {
    return at === index && page.gone !== undefined ? { data, nextCursor: page.nextCursor } : page;
  });
  return { ...feed, pages };
}

/**
 * The list with this page as its first one, and no other. Where neither it nor the old one has a row, and a search goes
 * on below, what was found further down stays.
 */
export function startOver(old: Feed, page: Page): Feed {
  const isStillEmpty = old.pages[0]?.data.length === 0 && page.data.length === 0 && page.nextCursor !== null;
  return isStillEmpty ? old : { pages: [page], pageParams: [null] };
}

export function newestOf(feed: Feed | undefined): string | undefined {
  return feed?.pages[0]?.data[0]?.id;
}

/** Rows as they are now, newest first: all that the filter finds between the first and the last of them. */
export interface Fresh {
  rows: Delivery[];
  /** From the newest delivery on. */
  isTop: boolean;
  /** Down to the oldest delivery. */
  isEnd: boolean;
}

/**
 * Puts the present state of rows in place of the old one, new rows on top, and takes away what the filter no longer
 * finds.
 */
export function merge(feed: Feed, { rows, isTop, isEnd }: Fresh): Feed {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
  const isLooked = ({ id }: Delivery) =>
    (isEnd || (last !== undefined && id >= last)) && (isTop || (first !== undefined && id <= first));
  const newest = newestOf(feed) ?? '';
  const pages = feed.pages.map((page) => {
    const data = page.data.flatMap((row) => {
      const now = byId.get(row.id);
      byId.delete(row.id);
      if (now === undefined) return isLooked(row) ? [] : [row];
      return [isSame(row, now) ? row : now];
    });
    const isChanged = data.length !== page.data.length || data.some((row, index) => row !== page.data[index]);
    return isChanged ? { ...page, data } : page;
  });
  const added = isTop ? [...byId.values()].filter(({ id }) => id > newest) : [];
  const [head, ...rest] = pages;
  if (head && added.length > 0)
    return { ...feed, pages: [{ ...head, data: [...added, ...head.data] }, ...rest] };
  return pages.some((page, index) => page !== feed.pages[index]) ? { ...feed, pages } : feed;
}

function isSame(a: Delivery, b: Delivery): boolean {
  return a.status === b.status && a.attemptCount === b.attemptCount && a.nextAttemptAt === b.nextAttemptAt;
}
