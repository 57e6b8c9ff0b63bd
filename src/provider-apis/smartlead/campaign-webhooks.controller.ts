import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { campaignIn } from './campaign-path.js';
import { campaignErrorFormat } from './smartlead-error.js';
import { Reads, SmartleadApi, Writes } from './smartlead-access.js';
import { webhookIdIn, positiveIdOf, readBody, readWebhook } from './webhook-input.js';
import { toCampaignWebhook, toSavedWebhook } from './webhook-wire.js';
import { WebhooksService } from './webhooks.service.js';

const { missing, wrong } = campaignErrorFormat;

/** One campaign's webhooks: the older part of their API, which every client uses. */
@SmartleadApi()
@Controller('smartlead/api/v1/campaigns/:campaign/webhooks')
export class SmartleadCampaignWebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Reads()
  async list(@CurrentSpace() space: SpaceRef, @Param('campaign') campaign: string) {
    return (await this.webhooks.ofCampaign(space, campaignIn(campaign))).map(toCampaignWebhook);
  }

  /** With an id it changes that webhook, without one it makes another. */
  @Post()
  @Writes()
  @HttpCode(200)
  async save(@CurrentSpace() space: SpaceRef, @Param('campaign') campaign: string, @Body() body: unknown) {
    const campaignId = campaignIn(campaign);
    const said = readBody(body, campaignErrorFormat);
    const { url, events, ...rest } = readWebhook(said, campaignErrorFormat);
    const id = webhookIdIn(said);
    if (id !== undefined) {
      const found = await this.webhooks.find(space, idIn(id), campaignId);
      const changes = { ...rest, ...(url !== undefined && { url }), ...(events && { events }) };
      return toSavedWebhook(await this.webhooks.update(space, found, changes, campaignErrorFormat));
    }
    if (url === undefined) throw missing('webhook_url');
    if (!events) throw missing('event_types');
    const scope = { level: 'campaign' as const, campaignId };
    return toSavedWebhook(
      await this.webhooks.create(space, { ...rest, url, events, scope }, campaignErrorFormat),
    );
  }

  @Delete()
  @Writes()
  delete(@CurrentSpace() space: SpaceRef, @Param('campaign') campaign: string, @Body() body: unknown) {
    return this.remove(space, campaign, webhookIdIn(readBody(body, campaignErrorFormat)));
  }

  @Delete(':id')
  @Writes()
  deleteByPath(
    @CurrentSpace() space: SpaceRef,
    @Param('campaign') campaign: string,
    @Param('id') id: string,
  ) {
    return this.remove(space, campaign, id);
  }

  private async remove(space: SpaceRef, campaign: string, id: unknown) {
    const campaignId = campaignIn(campaign);
    if (id === undefined) throw missing('id');
    await this.webhooks.delete(space, await this.webhooks.find(space, idIn(id), campaignId));
    return { ok: true };
  }
}

function idIn(value: unknown): string {
  const id = positiveIdOf(value);
  if (id === null) throw wrong('id', value);
  return id;
}
