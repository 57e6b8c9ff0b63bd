import { IsIn } from 'class-validator';
import { SUBSCRIPTION_STATUSES } from '../core/domain-types.js';
import { ListQuery } from '../http/list.dto.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { IsSearch } from '../http/search.dto.js';

const LISTED_STATES = [...SUBSCRIPTION_STATUSES, 'failing'] as const;

/** Which subscriptions to list. */
export class SubscriptionQuery extends ListQuery {
  /** Only those in this state; `failing`: active, and the last attempt failed. */
  @OptionalNotNull()
  @IsIn(LISTED_STATES)
  status?: (typeof LISTED_STATES)[number];

  /** Only those whose URL, uid, description or event types contain this text, or whose id it is. */
  @IsSearch()
  q?: string;

  /** By when they were made, by URL, or by failures in a row. */
  @IsIn(['created', 'url', 'failures'])
  sort: 'created' | 'url' | 'failures' = 'created';
}
