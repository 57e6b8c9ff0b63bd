import { Module } from '@nestjs/common';
import { BodiesModule } from '../bodies/bodies.module.js';
import { AttemptLogService } from '../deliveries/attempt-log.service.js';
import { AttemptViewsService } from '../deliveries/attempt-views.service.js';
import { ShownBody } from '../deliveries/shown-body.js';
import { DeliveryLogService } from '../deliveries/delivery-log.service.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { EventLogService } from '../events/event-log.service.js';
import { EventsModule } from '../events/events.module.js';
import { Simulator } from '../events/simulate.js';
import { TestSender } from '../events/test-send.js';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { BroadcastsService } from '../broadcasts/broadcasts.service.js';
import { Cursors } from '../http/cursor.js';
import { BulkRetryService } from '../jobs/bulk-retry.service.js';
import { JobsService } from '../jobs/jobs.service.js';
import { ReplaysService } from '../jobs/replays.service.js';
import { OperationalSpace } from '../operational-events/operational-space.js';
import { QueueModule } from '../queue/queue.module.js';
import { PortalLinkMaker } from '../spaces/portal-link-maker.js';
import { PortalLinksService } from '../spaces/portal-links.service.js';
import { PortalSettingsService } from '../spaces/portal-settings.service.js';
import { SpaceCatalogueService } from '../spaces/space-catalogue.service.js';
import { SpaceLookup } from '../spaces/space-lookup.js';
import { SpacesService } from '../spaces/spaces.service.js';
import { SubscriptionViewsService } from '../subscriptions/subscription-views.service.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { ReadinessModule } from '../system/readiness.module.js';
import { EventTrials } from './event-trials.js';
import { PosthornHealthIndicator } from './posthorn-health.indicator.js';
import { SpacesByName } from './spaces-by-name.js';
import { WebhookBroadcasts } from './webhook-broadcasts.js';
import { WebhookDeliveries } from './webhook-deliveries.js';
import { WebhookEvents } from './webhook-events.js';
import { WebhookJobs } from './webhook-jobs.js';
import { WebhookPortalLinks } from './webhook-portal-links.js';
import { WebhookSubscriptions } from './webhook-subscriptions.js';

/** What the code of an application may call, besides the emitter. */
const FOR_HOSTS = [
  SpacesService,
  SpaceLookup,
  WebhookSubscriptions,
  WebhookDeliveries,
  WebhookEvents,
  WebhookJobs,
  WebhookBroadcasts,
  WebhookPortalLinks,
  PosthornHealthIndicator,
];

/** The services of the HTTP API for an application's code: the same ones, without controllers. */
@Module({
  imports: [
    QueueModule,
    BodiesModule,
    EndpointsModule,
    EventTypesModule,
    EventsModule,
    SubscriptionsModule,
    ReadinessModule,
  ],
  providers: [
    ...FOR_HOSTS,
    SpacesByName,
    Cursors,
    DeliveryLogService,
    AttemptLogService,
    AttemptViewsService,
    ShownBody,
    EventLogService,
    EventTrials,
    Simulator,
    TestSender,
    JobsService,
    BroadcastsService,
    ReplaysService,
    BulkRetryService,
    PortalLinksService,
    PortalLinkMaker,
    PortalSettingsService,
    SubscriptionViewsService,
    SpaceCatalogueService,
    OperationalSpace,
  ],
  exports: [...FOR_HOSTS, EventTypesModule, SubscriptionsModule],
})
export class HostServicesModule {}
