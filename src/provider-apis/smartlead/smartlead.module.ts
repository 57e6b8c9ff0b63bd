import { Module } from '@nestjs/common';
import { JobsApiModule } from '../../jobs/jobs.module.js';
import { RateStore } from '../../database/rate-store.js';
import { SpacesModule } from '../../spaces/spaces.module.js';
import { SubscriptionsModule } from '../../subscriptions/subscriptions.module.js';
import { AccountSettingsService } from './account-settings.service.js';
import { SmartleadCampaignWebhooksController } from './campaign-webhooks.controller.js';
import { SmartleadOutcomesController } from './outcomes.controller.js';
import { SmartleadSettingsController } from './settings.controller.js';
import { SmartleadRateLimit } from './smartlead-rate-limit.js';
import { SummariesService } from './summaries.service.js';
import { WebhooksService } from './webhooks.service.js';
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
  providers: [WebhooksService, SummariesService, AccountSettingsService, SmartleadRateLimit, RateStore],
})
export class SmartleadApiModule {}
