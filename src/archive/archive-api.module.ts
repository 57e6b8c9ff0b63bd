import { Module } from '@nestjs/common';
import { SpacesModule } from '../spaces/spaces.module.js';
import { ArchiveController } from './archive.controller.js';
import { ArchiveModule } from './archive.module.js';
import { ArchiveStateService } from './archive-state.service.js';

/** `/v1/archive` */
@Module({
  imports: [ArchiveModule, SpacesModule],
  controllers: [ArchiveController],
  providers: [ArchiveStateService],
})
export class ArchiveApiModule {}
