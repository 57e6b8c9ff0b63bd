import { DELIVERY_STATUSES, type DeliveryStatus } from '../core/domain-types.js';
import { uneven, type Condition, type FixedCondition } from '../database/list-statement.js';
import { eventsAboutSql } from '../event-store/subject.js';
import { timeRange } from '../http/time-range.dto.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { DeliveryQuery } from './delivery.dto.js';
import { LEASED_IN_PROCESS, WAITING } from './open-deliveries.js';

/** What the indexes tell of a space's deliveries. `subscription` and `event` are dashed ids. */
export function deliveryConditions(
  space: SpaceRef,
  query: Omit<DeliveryQuery, 'cursor'>,
  { subscription, event }: { subscription: string | undefined; event: string | undefined },
): Condition[] {
  return [
    [(p) => `space_id = ${p}`, space.id],
    [(p) => `subscription_id = ${p}`, subscription],
    [(p) => `event_id = ${p}`, event],
    ...typeConditions(query),
    ...aboutConditions(space, query),
    ...DELIVERY_STATUSES.filter((status) => status === query.status).map(statusCondition),
    ...timeRange('id', query),
  ];
}

/**
 * An event's deliveries, and those of every status but one, are few: only among the others does it matter how rare a
 * type is.
 */
function typeConditions({ type, status, event }: Omit<DeliveryQuery, 'cursor'>): Condition[] {
  const isAmongMany = event === undefined && (status === undefined || status === 'succeeded');
  return isAmongMany ? uneven('event_type', type) : [[(p) => `event_type = ${p}`, type]];
}

function aboutConditions(space: SpaceRef, { subjectId }: Pick<DeliveryQuery, 'subjectId'>): FixedCondition[] {
  if (subjectId === undefined) return [];
  return [{ name: null, sql: `event_id IN (${eventsAboutSql(space.id, subjectId)})` }];
}

/** What stands in the statement itself, in the columns by which the partial indexes go. */
function statusCondition(status: DeliveryStatus): FixedCondition {
  if (status === 'pending') return { name: status, sql: [WAITING, LEASED_IN_PROCESS] };
  return { name: status, sql: status === 'succeeded' ? `status = 'succeeded'` : `trouble = '${status}'` };
}
