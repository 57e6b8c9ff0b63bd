import { Module } from '@nestjs/common';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { EventsApiModule } from '../events/events.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { AttemptExport } from './attempt-export.js';
import { DeliveryExport } from './delivery-export.js';
import { EventExport } from './event-export.js';
import { ExportSlots } from './export-slots.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';

/** Deliveries, attempts and events as files. */
@Module({
  imports: [SpacesModule, DeliveriesApiModule, EventsApiModule],
  controllers: [ExportsController],
  providers: [ExportsService, ExportSlots, DeliveryExport, AttemptExport, EventExport],
})
export class ExportsApiModule {}
