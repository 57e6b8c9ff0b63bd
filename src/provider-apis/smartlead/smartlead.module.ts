import { Module } from '@nestjs/common';
import { JobsApiModule } from '../../jobs/jobs.module.js';
import { RateStore } from '../../database/rate-store.js';
import { SpacesModule } from '../../spaces/spaces.module.js';
import { SubscriptionsModule } from '../../subscriptions/subscriptions.module.js';
import { AccountSettings } from './account-settings.js';
import { SmartleadCampaignWebhooksController } from './campaign-webhooks.controller.js';
import { SmartleadOutcomesController } from './outcomes.controller.js';
import { SmartleadSettingsController } from './settings.controller.js';
import { SmartleadRateLimit } from './smartlead-rate-limit.js';
import { Summaries } from './summaries.js';
import { Webhooks } from './webhooks.js';
import { SmartleadWebhooksController } from './webhooks.controller.js';
import { SmartleadWorkspaceController } from './workspace.controller.js';

/** Smartlead's own API, below /smartlead. */
@Module({
  imports: [SpacesModule, SubscriptionsModule, JobsApiModule],
  controllers: [
    SmartleadWebhooksController,
    SmartleadCampaignWebhooksController,
    SmartleadOutcomesController,
    SmartleadSettingsController,
    SmartleadWorkspaceController,
  ],
  providers: [Webhooks, Summaries, AccountSettings, SmartleadRateLimit, RateStore],
})
export class SmartleadApiModule {}
