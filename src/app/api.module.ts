import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { ArchiveApiModule } from '../archive/archive-api.module.js';
import { AuditApiModule } from '../audit-api/audit-api.module.js';
import { BroadcastsApiModule } from '../broadcasts/broadcasts.module.js';
import { DashboardModule } from '../dashboard/dashboard.module.js';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { engineModules, type SharedParts } from './storage.js';
import { EventsApiModule } from '../events/events.module.js';
import { OperationalSpaceModule } from '../operational-events/operational-events.module.js';
import { PeopleApiModule } from '../people-api/people-api.module.js';
import { ProcessesModule } from '../system/processes.module.js';
import { ExportsApiModule } from '../exports/exports.module.js';
import { SystemModule } from '../system/system.module.js';
import { SystemStateModule } from '../system/system-state.module.js';
import { HoldsModule } from '../holds/holds.module.js';
import { JobsApiModule } from '../jobs/jobs.module.js';
import { LeadlexApiModule } from '../provider-apis/leadlex/leadlex.module.js';
import { LemlistApiModule } from '../provider-apis/lemlist/lemlist.module.js';
import { SmartleadApiModule } from '../provider-apis/smartlead/smartlead.module.js';
import { AccessCheckModule, SpacesModule } from '../spaces/spaces.module.js';
import { TrialsApiModule } from '../trials/trials.module.js';
import { TestReceiverModule } from '../test-receiver/test-receiver.module.js';
import { SubscriptionsApiModule } from '../subscriptions/subscriptions.module.js';

/** The root module of a process with an HTTP API. */
@Module({})
export class ApiModule {
  static forRoot(settings: Settings, shared: SharedParts = {}): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ...engineModules(settings, shared),
        SpacesModule,
        SubscriptionsApiModule,
        EventsApiModule,
        DeliveriesApiModule,
        ExportsApiModule,
        JobsApiModule,
        BroadcastsApiModule,
        HoldsModule,
        SystemModule,
        SystemStateModule,
        AuditApiModule,
        PeopleApiModule,
        OperationalSpaceModule,
        ArchiveApiModule,
        ProcessesModule.forRoot(settings.role),
        DashboardModule,
        TestReceiverModule,
        TrialsApiModule,
        LeadlexApiModule,
        LemlistApiModule,
        SmartleadApiModule,
        AccessCheckModule,
      ],
    };
  }
}
