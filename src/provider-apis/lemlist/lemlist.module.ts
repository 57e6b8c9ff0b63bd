import { Module } from '@nestjs/common';
import { RateStore } from '../../database/rate-store.js';
import { SpacesModule } from '../../spaces/spaces.module.js';
import { SubscriptionsModule } from '../../subscriptions/subscriptions.module.js';
import { ActivitiesService } from './activities.service.js';
import { LemlistHooksController } from './hooks.controller.js';
import { LemlistRateLimit } from './lemlist-rate-limit.js';
import { LemlistTeamController } from './team.controller.js';

/** lemlist's own API, below /lemlist/api. */
@Module({
  imports: [SpacesModule, SubscriptionsModule],
  controllers: [LemlistHooksController, LemlistTeamController],
  providers: [ActivitiesService, LemlistRateLimit, RateStore],
})
export class LemlistApiModule {}
