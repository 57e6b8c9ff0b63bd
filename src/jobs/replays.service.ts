import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Invalid, type Issue } from '../core/errors.js';
import type { Sql } from '../database/sql.js';
import { parseTime } from '../lib/iso-time.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { SubscriptionsService } from '../subscriptions/subscriptions.service.js';
import type { JobEntity } from './job.entity.js';
import { REPLAYED_BY_DEFAULT, type ReplayRequest } from './job.js';
import type { ReplayInput } from './job.dto.js';
import { JobsService, type JobRange } from './jobs.service.js';

/** Deliveries are made in their event's moment or later; clocks of different processes may be off by less than this. */
const MARGIN_MS = 3_600_000;

/** Creates replays of past events for one subscription. */
@Injectable()
export class ReplaysService {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  /**
   * A replay that sends again what was lost ends the note of it. Throws NotFound, Invalid, and Conflict for too many
   * jobs.
   */
  async start(space: SpaceRef, ref: string, input: ReplayInput): Promise<JobEntity> {
    const issues = input.lost ? notWithLost(input) : [];
    if (issues.length > 0) throw new Invalid(issues);
    const subscription = await this.subscriptions.find(space, ref);
    const { request, window } = input.lost
      ? this.lostOf(subscription, input)
      : {
          request: requestOf(subscription, input),
          window: { since: input.since, until: input.until },
        };
    const { dryRun, perSecond, delaySeconds } = input;
    const target = input.target === undefined ? null : await this.subscriptions.find(space, input.target);
    const wanted = target ? { ...request, subscriptionId: target.id, sourceId: subscription.id } : request;
    const job = await this.jobs.add(space, wanted, window, { dryRun, perSecond, delaySeconds });
    if (!input.dryRun && coversLost(subscription, input))
      await this.subscriptions.forgetLost(space, subscription, (sql) =>
        noteForgotten(sql, job, subscription),
      );
    return job;
  }

  private lostOf(
    subscription: SubscriptionEntity,
    input: ReplayInput,
  ): { request: ReplayRequest; window: JobRange } {
    const { lostSince, lostFirstAt } = subscription;
    const now = this.clock.date();
    const from = (lostFirstAt ?? now).toISOString();
    const since = new Date((lostSince ?? now).getTime() - MARGIN_MS);
    return {
      request: { ...requestOf(subscription, input), statuses: ['failed'], lostFrom: from },
      window: { since: since.toISOString() },
    };
  }
}

function requestOf({ id }: SubscriptionEntity, { statuses, eventTypes }: ReplayInput): ReplayRequest {
  return {
    kind: 'replay',
    subscriptionId: id,
    statuses: statuses ?? REPLAYED_BY_DEFAULT,
    eventTypes: eventTypes ?? null,
  };
}

const NOTE_FORGOTTEN = {
  name: 'replays_note_forgotten',
  text: `UPDATE posthorn.jobs SET request = request || jsonb_build_object('forgot', $2::jsonb)
    WHERE id = $1 AND status NOT IN ('cancelled', 'failed') RETURNING 1`,
};

/** Notes with the job what of the losses is forgotten because of it; false: somebody has cancelled it already. */
async function noteForgotten(
  sql: Sql,
  { id }: JobEntity,
  { lostCount: count, lostSince, lostFirstAt, lostLastAt }: SubscriptionEntity,
): Promise<boolean> {
  const times = { since: lostSince, firstAt: lostFirstAt, lastAt: lostLastAt };
  return (await sql(NOTE_FORGOTTEN, [id, JSON.stringify({ count, ...times })])).length > 0;
}

function notWithLost(input: ReplayInput): Issue[] {
  return (['since', 'until', 'statuses'] as const)
    .filter((field) => input[field] !== undefined)
    .map((path) => ({
      path,
      code: 'not_allowed',
      message: 'Leave it out with "lost": what was lost is known.',
    }));
}

/** Whether a replay sends again everything in the note of lost deliveries. */
function coversLost({ lostSince }: SubscriptionEntity, input: ReplayInput): boolean {
  if (lostSince === null || input.eventTypes !== undefined || input.target !== undefined) return false;
  if (input.lost) return true;
  const failed = input.statuses === undefined || input.statuses.includes('failed');
  return failed && input.until === undefined && (parseTime(input.since ?? '') ?? NaN) <= lostSince.getTime();
}
