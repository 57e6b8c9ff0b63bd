import { Module } from '@nestjs/common';
import { SpacesModule } from '../spaces/spaces.module.js';
import { HoldsController } from './holds.controller.js';
import { HoldsService } from './holds.service.js';

/** Legal holds. */
@Module({ imports: [SpacesModule], controllers: [HoldsController], providers: [HoldsService] })
export class HoldsModule {}
