import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Clock } from '../../../core/clock.js';
import { publicId } from '../../../core/ids.js';
import { BulkRetry } from '../../../jobs/bulk-retry.js';
import { CurrentSpace } from '../../../spaces/access.js';
import type { SpaceRef } from '../../../spaces/space-ref.js';
import { campaignIn, spanIn } from './campaign-path.js';
import { campaignWording } from './refusal.js';
import { Reads, SmartleadSurface, Writes } from './smartlead-access.js';
import { Summaries } from './summaries.js';
import { readBody } from './webhook-input.js';
import { Webhooks } from './webhooks.js';

/** What failed for good, and what was passed over while a webhook was disabled. */
const RETRIGGERED = ['failed', 'skipped'] as const;

/** What became of a campaign's webhook calls, and the failed ones once more. */
@SmartleadSurface()
@Controller('smartlead/api/v1/campaigns/:campaign/webhooks')
export class SmartleadOutcomesController {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly summaries: Summaries,
    private readonly retries: BulkRetry,
    private readonly clock: Clock,
  ) {}

  @Get('summary')
  @Reads()
  async summary(
    @CurrentSpace() space: SpaceRef,
    @Param('campaign') campaign: string,
    @Query() query: Record<string, unknown>,
  ) {
    const rows = await this.webhooks.ofCampaign(space, campaignIn(campaign));
    const span = spanIn(query, { from: new Date(0), to: this.clock.date() });
    const ids = rows.map(({ id }) => id);
    return this.summaries.of(space, ids, span);
  }

  /** The workers do it by and by, one webhook after the other. */
  @Post('retrigger-failed-events')
  @Writes()
  @HttpCode(200)
  async retrigger(
    @CurrentSpace() space: SpaceRef,
    @Param('campaign') campaign: string,
    @Body() body: unknown,
  ) {
    const rows = await this.webhooks.ofCampaign(space, campaignIn(campaign));
    const { from, to } = spanIn(readBody(body, campaignWording));
    let retriggered = 0;
    for (const row of rows) {
      for (const status of RETRIGGERED) {
        const filter = {
          subscription: publicId('sub', row.id),
          status,
          since: from.toISOString(),
          until: to.toISOString(),
        };
        const { count } = await this.retries.count(space, filter);
        if (count > 0) await this.retries.start(space, filter);
        retriggered += count;
      }
    }
    return { ok: true, message: 'Failed events are being retriggered', retriggered };
  }
}
