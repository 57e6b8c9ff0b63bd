import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { ProcessView } from './process-view.js';
import { QueueView } from './queue-view.js';
import { SystemController } from './system.controller.js';
import { SystemStateService } from './system-state.service.js';

/** `GET /v1/system` */
@Module({
  imports: [SpacesModule, QueueModule],
  controllers: [SystemController],
  providers: [SystemStateService, ProcessView, QueueView],
})
export class SystemStateModule {}
