import { Module } from '@nestjs/common';
import { SpacesModule } from '../spaces/spaces.module.js';
import { DashboardController } from './dashboard.controller.js';

/** What a person sees. */
@Module({ imports: [SpacesModule], controllers: [DashboardController] })
export class DashboardModule {}
