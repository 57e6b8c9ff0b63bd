import type { Repository, SelectQueryBuilder } from 'typeorm';
import { parsePublicId } from '../core/ids.js';
import { containing } from '../database/like.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import type { Place } from '../http/search.dto.js';
import type { SubscriptionQuery } from './subscription-query.dto.js';

/** What to look for among a space's subscriptions, and in which order. */
export interface SubscriptionSearch extends Pick<SubscriptionQuery, 'status' | 'q' | 'sort' | 'order'> {
  after: Place | null;
  limit: number;
}

type Query = SelectQueryBuilder<SubscriptionEntity>;

/**
 * A page of a space's subscriptions. They are found by the index on space and id; a search or an order of another kind
 * reads all of the space, which are at most as many as it may have: some ten milliseconds for 10,000.
 */
export function searchSubscriptions(
  rows: Repository<SubscriptionEntity>,
  spaceId: string,
  { status, q, sort, order, after, limit }: SubscriptionSearch,
): Promise<SubscriptionEntity[]> {
  const query = rows.createQueryBuilder('sub').where('sub.spaceId = :spaceId', { spaceId });
  withState(query, status);
  if (q) withText(query, q);
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  const beyond = order === 'asc' ? '>' : '<';
  if (after?.text === undefined) {
    if (after) query.andWhere(`sub.id ${beyond} :after`, { after: after.id });
  } else {
    const place = sort === 'failures' ? 'CAST(:text AS integer)' : ':text';
    query.andWhere(`(${SORTED[sort]}, sub.id) ${beyond} (${place}, :after)`, {
      text: after.text,
      after: after.id,
    });
  }
  if (sort !== 'created') query.addOrderBy(SORTED[sort], direction);
  return query.addOrderBy('sub.id', direction).limit(limit).getMany();
}

const SORTED = { created: 'sub.id', url: 'sub.url', failures: 'sub.failureCount' };

/** Where the list goes on after a row. */
export function sortedPlace({ id, url, failureCount }: SubscriptionEntity, sort: keyof typeof SORTED): Place {
  if (sort === 'created') return { id };
  return { id, text: sort === 'url' ? url : String(failureCount) };
}

function withState(query: Query, status: SubscriptionQuery['status']): void {
  if (status === 'failing') query.andWhere(`sub.status = 'active' AND sub.failureCount > 0`);
  else if (status !== undefined) query.andWhere('sub.status = :status', { status });
}

function withText(query: Query, q: string): void {
  query.andWhere(
    `(sub.url ILIKE :part OR sub.uid ILIKE :part OR sub.description ILIKE :part OR sub.id = :id
      OR array_to_string(sub.events, ' ') ILIKE :part)`,
    { part: containing(q), id: parsePublicId('sub', q) },
  );
}
