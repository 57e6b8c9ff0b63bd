import { ArchivedDayEntity } from '../archive/archived-day.entity.js';
import { ArchivedPartEntity } from '../archive/archived-part.entity.js';
import { AuditEntryEntity } from '../audit/audit-entry.entity.js';
import { BroadcastEntity } from '../broadcasts/broadcast.entity.js';
import { RateLimitEntity } from '../database/rate-limit.entity.js';
import { AttemptEntity } from '../deliveries/attempt.entity.js';
import { DeliveryEntity } from '../deliveries/delivery.entity.js';
import { EventExpiryEntity } from '../event-store/event-expiry.entity.js';
import { OutcomeEntity } from '../deliveries/outcome.entity.js';
import { RecoveryWatermarkEntity } from '../deliveries/recovery-watermark.entity.js';
import { WorkerEntity } from '../deliveries/worker.entity.js';
import { EventKeyEntity } from '../event-store/event-key.entity.js';
import { CatalogueRevisionEntity } from '../event-types/catalogue-revision.entity.js';
import { EventTypeEntity } from '../event-types/event-type.entity.js';
import { InstanceEventTypeEntity } from '../event-types/instance-event-type.entity.js';
import { ErasedKeyEntity } from '../event-store/erased-key.entity.js';
import { LegalHoldEntity } from '../event-store/legal-hold.entity.js';
import { EventEntity } from '../event-store/event.entity.js';
import { ErasureEntity } from '../jobs/erasure.entity.js';
import { InboxEventEntity } from '../event-store/inbox-event.entity.js';
import { KnownTypeEntity } from '../events/known-type.entity.js';
import { JobEntity } from '../jobs/job.entity.js';
import { RetentionWalkEntity } from '../retention/retention-walk.entity.js';
import { PersonEntity } from '../people/person.entity.js';
import { SessionEntity } from '../people/session.entity.js';
import { SignInLinkEntity } from '../people/sign-in-link.entity.js';
import { SpaceRoleEntity } from '../people/space-role.entity.js';
import { ApiKeyEntity } from '../spaces/api-key.entity.js';
import { PortalLinkEntity } from '../spaces/portal-link.entity.js';
import { PortalSettingsEntity } from '../spaces/portal-settings.entity.js';
import { SpaceEntity } from '../spaces/space.entity.js';
import { OnceKeyEntity } from '../endpoints/once-key.entity.js';
import { EndpointCertificateEntity } from '../endpoints/endpoint-certificate.entity.js';
import { EndpointThrottleEntity } from '../endpoints/endpoint-throttle.entity.js';
import { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { ProcessEntity } from '../system/process.entity.js';
import { TestReceiverEntity } from '../test-receiver/test-receiver.entity.js';
import { TestRequestEntity } from '../test-receiver/test-request.entity.js';

/**
 * Every table of the schema `posthorn`. The hot path (events, deliveries, attempts, outcomes, workers, rates) is
 * plain SQL; its entities document the tables and let a host application query them.
 */
export const ENTITIES = [
  ...[SpaceEntity, ApiKeyEntity, PortalLinkEntity, EventTypeEntity, SubscriptionEntity, OnceKeyEntity],
  ...[PortalSettingsEntity],
  ...[PersonEntity, SpaceRoleEntity, SessionEntity, SignInLinkEntity],
  ...[EventEntity, EventKeyEntity, EventExpiryEntity, DeliveryEntity, AttemptEntity, OutcomeEntity],
  ...[RecoveryWatermarkEntity, WorkerEntity, RateLimitEntity, JobEntity, ProcessEntity, AuditEntryEntity],
  ...[TestReceiverEntity, TestRequestEntity, ErasureEntity, ErasedKeyEntity, LegalHoldEntity],
  ...[RetentionWalkEntity, InboxEventEntity, KnownTypeEntity],
  ...[BroadcastEntity, EndpointCertificateEntity, EndpointThrottleEntity],
  ...[ArchivedDayEntity, ArchivedPartEntity],
  ...[InstanceEventTypeEntity, CatalogueRevisionEntity],
];
