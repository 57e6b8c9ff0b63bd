import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { SmartleadError, webhookErrorFormat } from './smartlead-error.js';
import { Reads, SmartleadApi, Writes } from './smartlead-access.js';
import { positiveIdOf, readBody, readScope, readWebhook } from './webhook-input.js';
import { numberOf, toWebhook } from './webhook-wire.js';
import { WebhooksService } from './webhooks.service.js';

const { missing, wrong } = webhookErrorFormat;

/** Webhooks of any level, as their present documents have them. */
@SmartleadApi()
@Controller('smartlead/api/v1/webhook')
export class SmartleadWebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post('create')
  @Writes()
  @HttpCode(200)
  async create(@CurrentSpace() space: SpaceRef, @Body() body: unknown) {
    const said = readBody(body, webhookErrorFormat);
    // Another generation's clients change a webhook by naming it here.
    if (said.webhook_id !== undefined) {
      const id = positiveIdOf(said.webhook_id);
      if (id === null) throw wrong('webhook_id', said.webhook_id);
      return this.save(space, id, body);
    }
    const { url, events, ...rest } = readWebhook(said, webhookErrorFormat);
    if (url === undefined || url === '') throw missing('webhook_url');
    const scope = readScope(said);
    if (!scope) throw missing('association_type');
    if (!events) throw missing('event_type_map');
    const { force_create: force = false } = said;
    if (typeof force !== 'boolean') throw wrong('force_create', force, 'Use true or false.');
    const row = await this.webhooks.create(space, { ...rest, url, events, scope }, webhookErrorFormat, force);
    return { ok: true, id: numberOf(row.providerId), webhook_url: row.url };
  }

  @Get(':id')
  @Reads()
  async show(@CurrentSpace() space: SpaceRef, @Param('id') id: string) {
    return { ok: true, data: toWebhook(await this.webhooks.find(space, idIn(id))) };
  }

  @Put('update/:id')
  @Writes()
  put(@CurrentSpace() space: SpaceRef, @Param('id') id: string, @Body() body: unknown) {
    return this.save(space, id, body);
  }

  @Post('update/:id')
  @Writes()
  @HttpCode(200)
  post(@CurrentSpace() space: SpaceRef, @Param('id') id: string, @Body() body: unknown) {
    return this.save(space, id, body);
  }

  @Patch('update/:id')
  @Writes()
  patch(@CurrentSpace() space: SpaceRef, @Param('id') id: string, @Body() body: unknown) {
    return this.save(space, id, body);
  }

  @Delete('delete/:id')
  @Writes()
  async delete(@CurrentSpace() space: SpaceRef, @Param('id') id: string) {
    await this.webhooks.delete(space, await this.webhooks.find(space, idIn(id)));
    return { ok: true };
  }

  /** What is left out stays; a list or map of events or categories replaces those before it. */
  private async save(space: SpaceRef, id: string, body: unknown) {
    const found = await this.webhooks.find(space, idIn(id));
    const said = readBody(body, webhookErrorFormat);
    const scope = readScope(said);
    const input = { ...readWebhook(said, webhookErrorFormat), ...(scope && { scope }) };
    const row = await this.webhooks.update(space, found, input, webhookErrorFormat);
    return { ok: true, id: numberOf(row.providerId), message: 'Webhook saved successfully' };
  }
}

function idIn(path: string): string {
  if (!/^[1-9]\d*$/.test(path)) throw new SmartleadError(422, 'Invalid parameters provided');
  return path;
}
