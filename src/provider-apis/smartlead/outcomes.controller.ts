import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { publicId } from '../../core/ids.js';
import { BulkRetryService } from '../../jobs/bulk-retry.service.js';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import type { SubscriptionEntity } from '../../endpoints/subscription.entity.js';
import { campaignIn, spanIn, type Span } from './campaign-path.js';
import { campaignErrorFormat, SmartleadError } from './smartlead-error.js';
import { Reads, SmartleadApi, Writes } from './smartlead-access.js';
import { SummariesService } from './summaries.service.js';
import { readBody } from './webhook-input.js';
import { WebhooksService } from './webhooks.service.js';

/** What failed for good, and what was passed over, or expired, while a webhook was disabled. */
const RETRIGGERED = ['failed', 'skipped', 'expired'] as const;

/** A webhook's events of one status in a span of time. */
interface Failed {
  row: SubscriptionEntity;
  filter: { subscription: string; status: (typeof RETRIGGERED)[number]; since: string; until: string };
  count: number;
}

/** What became of a campaign's webhook calls, and the failed ones once more. */
@SmartleadApi()
@Controller('smartlead/api/v1/campaigns/:campaign/webhooks')
export class SmartleadOutcomesController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly summaries: SummariesService,
    private readonly retries: BulkRetryService,
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
    const span = spanIn(readBody(body, campaignErrorFormat));
    const failed: Failed[] = [];
    for (const row of rows) {
      for (const status of RETRIGGERED) failed.push(await this.countFailed(space, row, status, span));
    }
    const found = failed.filter(({ count }) => count > 0);
    const disabled = [...new Set(found.filter(({ row }) => row.status === 'paused').map(({ row }) => row))];
    const sent = found.filter(({ row }) => row.status !== 'paused');
    if (disabled.length > 0 && sent.length === 0) throw new SmartleadError(422, enableFirst(disabled));
    for (const { filter } of sent) await this.retries.start(space, filter);
    return {
      ok: true,
      message: 'Failed events are being retriggered',
      retriggered: sent.reduce((total, { count }) => total + count, 0),
      ...(disabled.length > 0 && { warning: enableFirst(disabled) }),
    };
  }

  private async countFailed(
    space: SpaceRef,
    row: SubscriptionEntity,
    status: (typeof RETRIGGERED)[number],
    { from, to }: Span,
  ): Promise<Failed> {
    const subscription = publicId('sub', row.id);
    const filter = { subscription, status, since: from.toISOString(), until: to.toISOString() };
    const { count } = await this.retries.count(space, filter);
    return { row, filter, count };
  }
}

/** Nothing reaches a disabled webhook, so its events stay as they are. */
function enableFirst(disabled: SubscriptionEntity[]): string {
  const ids = disabled.map(({ providerId }) => providerId).join(', ');
  return disabled.length === 1
    ? `Webhook ${ids} is disabled. Save it to enable it, then retrigger its failed events.`
    : `Webhooks ${ids} are disabled. Save them to enable them, then retrigger their failed events.`;
}
