import { EventTypeEntity } from '../events/event-types/event-type.entity.js';
import { ApiKeyEntity } from '../spaces/api-key.entity.js';
import { SpaceEntity } from '../spaces/space.entity.js';
import { SubscriptionEntity } from '../subscriptions/subscription.entity.js';

/** Every table TypeORM maps. The hot path's tables (events, deliveries, attempts) are plain SQL. */
export const ENTITIES = [SpaceEntity, ApiKeyEntity, SubscriptionEntity, EventTypeEntity];
