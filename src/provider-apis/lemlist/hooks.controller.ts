import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { BadRequest, Conflict, NotFound } from '../../core/errors.js';
import { publicId } from '../../core/ids.js';
import type { Sql } from '../../database/sql.js';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { LifecycleService } from '../../subscriptions/lifecycle.service.js';
import type { NewSubscription } from '../../subscriptions/subscription.dto.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { lemlistProfile } from '../../profiles/lemlist/lemlist.profile.js';
import { readHook, type HookInput } from './hook-input.js';
import { toHook, type HookView } from './hook-wire.js';
import { LemlistApi, Reads, Writes } from './lemlist-access.js';

const PROFILE = lemlistProfile.name;
/** Of one team, disabled ones too. Others have seen this limit; no page of theirs tells it. */
const MOST_HOOKS = 200;
/** More than anybody has: their list has no pages. */
const ALL = 10_000;

const COUNT = {
  name: 'lemlist_hooks',
  text: `SELECT count(*)::int AS hooks FROM posthorn.subscriptions WHERE space_id = $1 AND profile = $2`,
};
const HOOK_ID = /^hoo_[0-9A-Za-z]{17}$/;

@LemlistApi()
@Controller('lemlist/api/hooks')
export class LemlistHooksController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly settings: Settings,
  ) {}

  @Post()
  @Writes()
  @HttpCode(200)
  async create(
    @CurrentSpace() space: SpaceRef,
    @Query() query: Record<string, unknown>,
    @Body() body: unknown,
  ): Promise<HookView> {
    const input = toSubscription(readHook(query, body));
    const first = this.settings.providerLimits ? (sql: Sql) => refuseOverLimit(sql, space) : undefined;
    try {
      return toHook(await this.subscriptions.create(space, input, first));
    } catch (error) {
      // It was deleted in this moment.
      throw error instanceof NotFound ? new BadRequest('bad_team', 'Bad team') : error;
    }
  }

  @Get()
  @Reads()
  async list(@CurrentSpace() space: SpaceRef): Promise<HookView[]> {
    const rows = await this.subscriptions.list(space, { profile: PROFILE, limit: ALL, order: 'asc' });
    return rows.map(toHook);
  }

  @Delete(':hookId')
  @Writes()
  async delete(@CurrentSpace() space: SpaceRef, @Param('hookId') hookId: string): Promise<HookView> {
    if (!HOOK_ID.test(hookId)) throw new NotFound('webhook');
    const row = await this.subscriptions.findTheirs(space, PROFILE, hookId);
    await this.lifecycle.delete(space, publicId('sub', row.id));
    return toHook(row);
  }
}

async function refuseOverLimit(sql: Sql, { id }: SpaceRef): Promise<void> {
  const [row] = await sql<{ hooks: number }>(COUNT, [id, PROFILE]);
  if (row && row.hooks >= MOST_HOOKS)
    throw new Conflict('too_many_hooks', `A team has at most ${MOST_HOOKS} webhooks. Delete one first.`);
}

function toSubscription({ targetUrl, type, secret, campaignId, isFirst, zapId }: HookInput): NewSubscription {
  return {
    profile: PROFILE,
    url: targetUrl,
    events: [type ?? '*'],
    profileOptions: { isFirst, zapId },
    ...(secret !== undefined && { secret }),
    ...(campaignId !== undefined && { scope: { level: 'campaign', campaignId } }),
  };
}
