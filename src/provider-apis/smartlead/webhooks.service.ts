import { Injectable } from '@nestjs/common';
import { Invalid, NotFound } from '../../core/errors.js';
import { publicId } from '../../core/ids.js';
import type { Sql } from '../../database/sql.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { checkSecret } from '../../subscriptions/check-subscription.js';
import { LifecycleService } from '../../subscriptions/lifecycle.service.js';
import { RotationService } from '../../subscriptions/rotation.service.js';
import type { SubscriptionEntity } from '../../endpoints/subscription.entity.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { optionsOf } from '../../profiles/smartlead/options.js';
import { smartleadProfile } from '../../profiles/smartlead/smartlead.profile.js';
import { SmartleadError, type ErrorFormat } from './smartlead-error.js';
import type { WebhookInput, WebhookScope } from './webhook-input.js';

const { name: PROFILE } = smartleadProfile;

/** More than anybody has: their lists have no pages. */
const ALL = 10_000;

const SIMILAR = {
  name: 'smartlead_similar',
  text: `SELECT provider_id FROM posthorn.subscriptions
    WHERE space_id = $1 AND profile = $2 AND url = $3
      AND client_id IS NOT DISTINCT FROM $4 AND campaign_id IS NOT DISTINCT FROM $5
      AND NOT coalesce((profile_options->>'account')::boolean, false)
    ORDER BY id LIMIT 1`,
};

/** A new webhook: all of it is said. */
export type NewWebhook = WebhookInput & { url: string; events: string[]; scope: WebhookScope };

/** The campaign webhook system: what is the user's own for account events is none of it. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly rotation: RotationService,
  ) {}

  /** Throws Refusal, also for one similar to another unless `force`. */
  async create(
    space: SpaceRef,
    { categories, webhookType, ...fields }: NewWebhook,
    format: ErrorFormat,
    force = true,
  ): Promise<SubscriptionEntity> {
    const profileOptions = { ...categories, ...(webhookType !== undefined && { webhookType }) };
    const input = { ...fields, profile: PROFILE, profileOptions };
    const first = force ? undefined : (sql: Sql) => refuseSimilar(sql, space, fields);
    return withErrorFormat(fields.url, format, () => this.subscriptions.create(space, input, first));
  }

  /** Throws NotFound, also for an account configuration and, with `campaignId`, for another campaign's. */
  async find(space: SpaceRef, id: string, campaignId?: string): Promise<SubscriptionEntity> {
    const row = await this.subscriptions.findTheirs(space, PROFILE, id);
    const isOurs = campaignId === undefined || row.campaignId === campaignId;
    if (!isOurs || optionsOf(row.profileOptions).account) throw new NotFound('webhook');
    return row;
  }

  async ofCampaign(space: SpaceRef, campaignId: string): Promise<SubscriptionEntity[]> {
    const rows = await this.subscriptions.list(space, { profile: PROFILE, limit: ALL, order: 'asc' });
    return rows.filter((row) => row.campaignId === campaignId && !optionsOf(row.profileOptions).account);
  }

  /** Saving one that its failures disabled enables it: nothing else in their API does. */
  async update(
    space: SpaceRef,
    row: SubscriptionEntity,
    { categories, webhookType, secret, ...fields }: WebhookInput,
    format: ErrorFormat,
  ): Promise<SubscriptionEntity> {
    const ref = publicId('sub', row.id);
    const options = { ...categories, ...(webhookType !== undefined && { webhookType }) };
    const profileOptions = { ...row.profileOptions, ...options };
    const changes = { ...fields, ...(Object.keys(options).length > 0 && { profileOptions }) };
    const saved = await withErrorFormat(fields.url, format, async () => {
      // Before anything is written: what is refused changes nothing.
      const issues = secret === undefined ? [] : checkSecret(PROFILE, secret);
      if (issues.length > 0) throw new Invalid(issues);
      const updated = await this.subscriptions.update(space, ref, changes);
      if (secret !== undefined) await this.rotation.rotate(space, ref, { secret, overlapSeconds: 0 });
      return updated;
    });
    return saved.pausedReason === 'failures' ? this.lifecycle.resume(space, ref, 'deliver') : saved;
  }

  async delete(space: SpaceRef, { id }: SubscriptionEntity): Promise<void> {
    await this.lifecycle.delete(space, publicId('sub', id));
  }
}

/** Similar: the same address for the same user, client or campaign, whatever it asks for. */
async function refuseSimilar(sql: Sql, { id }: SpaceRef, { url, scope }: NewWebhook): Promise<void> {
  const { clientId = null, campaignId = null } = scope;
  const [row] = await sql<{ provider_id: string }>(SIMILAR, [id, PROFILE, url, clientId, campaignId]);
  if (!row) return;
  const hint = 'Set force_create to true to create another one.';
  throw new SmartleadError(409, `A similar webhook already exists - ${row.provider_id}. ${hint}`);
}

/** The engine's judgement of an address. */
async function withErrorFormat<T>(
  url: string | undefined,
  format: ErrorFormat,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const issues = error instanceof Invalid ? (error.issues ?? []) : [];
    const secret = issues.find(({ path }) => path === 'secret');
    if (secret) throw format.secret(secret.message);
    const issue = issues.find(({ path }) => path === 'url');
    throw issue ? format.address('webhook_url', issue.message, url ?? '') : error;
  }
}
