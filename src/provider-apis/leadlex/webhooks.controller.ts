import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { publicId } from '../../core/ids.js';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { LifecycleService } from '../../subscriptions/lifecycle.service.js';
import { RotationService } from '../../subscriptions/rotation.service.js';
import type { SubscriptionEntity } from '../../endpoints/subscription.entity.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { leadlexProfile } from '../../profiles/leadlex/leadlex.profile.js';
import { LeadlexApi, WebhooksRead, WebhooksWrite } from './leadlex-access.js';
import { LogsService } from './logs.service.js';
import { readNewWebhook, readWebhook } from './webhook-input.js';

const { name: PROFILE, secrets: SECRETS } = leadlexProfile;

/** More than anybody has: their list has no pages. */
const ALL = 10_000;

@LeadlexApi()
@Controller('leadlex/v1/webhooks')
export class LeadlexWebhooksController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly rotation: RotationService,
    private readonly logs: LogsService,
  ) {}

  @Post()
  @WebhooksWrite()
  @HttpCode(201)
  async create(@CurrentSpace() space: SpaceRef, @Body() body: unknown) {
    const { active = true, ...fields } = readNewWebhook(body);
    const status = active ? 'active' : 'paused';
    const row = await this.subscriptions.create(space, { ...fields, status, profile: PROFILE });
    const [secret] = this.rotation.secretsOf(row);
    return {
      data: {
        webhook: {
          ...said(row),
          secret: secret ? SECRETS.format(secret.key) : null,
          created_at: row.createdAt.toISOString(),
        },
      },
    };
  }

  @Get()
  @WebhooksRead()
  async list(@CurrentSpace() space: SpaceRef) {
    const rows = await this.subscriptions.list(space, { profile: PROFILE, limit: ALL, order: 'asc' });
    const last = await this.logs.lastOf(rows.map(({ id }) => id));
    const webhooks = rows.map((row) => ({
      ...said(row),
      last_delivery_status: last.get(row.id)?.status ?? null,
      last_delivery_at: last.get(row.id)?.at ?? null,
      created_at: row.createdAt.toISOString(),
    }));
    return { data: { webhooks } };
  }

  @Patch(':id')
  @WebhooksWrite()
  async change(@CurrentSpace() space: SpaceRef, @Param('id') id: string, @Body() body: unknown) {
    const found = await this.subscriptions.findTheirs(space, PROFILE, id);
    const { active, ...fields } = readWebhook(body);
    const ref = publicId('sub', found.id);
    let row = await this.subscriptions.update(space, ref, fields);
    if (active === false) row = await this.lifecycle.pause(space, ref);
    if (active === true) row = await this.lifecycle.resume(space, ref, 'deliver');
    return { data: { webhook: { ...said(row), updated_at: row.updatedAt.toISOString() } } };
  }

  @Delete(':id')
  @WebhooksWrite()
  async delete(@CurrentSpace() space: SpaceRef, @Param('id') id: string) {
    const { id: found } = await this.subscriptions.findTheirs(space, PROFILE, id);
    await this.lifecycle.delete(space, publicId('sub', found));
    return { data: { deleted: true, id: found } };
  }
}

/** What every answer says of a webhook. */
function said({ id, url, events, description, status }: SubscriptionEntity) {
  return { id, url, events, description, active: status === 'active' };
}
