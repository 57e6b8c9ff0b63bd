import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { DashboardModule } from '../dashboard/dashboard.module.js';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { EventsApiModule } from '../events/events.module.js';
import { ExportsApiModule } from '../exports/exports.module.js';
import { TrialsApiModule } from '../trials/trials.module.js';
import { JobsApiModule } from '../jobs/jobs.module.js';
import { AccessCheckModule, SpacesModule } from '../spaces/spaces.module.js';
import { Public } from '../spaces/access.js';
import { SubscriptionsApiModule } from '../subscriptions/subscriptions.module.js';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { Tracing } from '../telemetry/tracing.js';
import { storage } from './storage.js';

/** A sign of life, for the dashboard. It says nothing of anybody. */
@Public()
@Controller('healthz')
class LifeController {
  @Get()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }
}

/**
 * The API of one's own space, for the customers of an application that has Posthorn as a module. It has no routes of
 * the instance, of providers' APIs or of metrics. What it has and is for keys only, it refuses to them.
 */
@Module({})
export class ApiInHostModule {
  static forRoot(settings: Settings, metrics: ProcessMetrics, folder: string | null): DynamicModule {
    return {
      module: ApiInHostModule,
      imports: [
        ConfigModule.forRoot(settings),
        TelemetryModule.forRoot(metrics, () => Tracing.ofHost()),
        ...storage(),
        SpacesModule,
        SubscriptionsApiModule,
        EventsApiModule,
        DeliveriesApiModule,
        ExportsApiModule,
        JobsApiModule,
        TrialsApiModule,
        DashboardModule.inHost(folder),
        AccessCheckModule,
      ],
      controllers: [LifeController],
    };
  }
}
