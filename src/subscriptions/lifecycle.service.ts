import { Injectable, Logger } from '@nestjs/common';
import type { Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Clock } from '../lib/clock.js';
import { Database } from '../database/database.js';
import { managerSql, type Sql } from '../database/sql.js';
import { publicId } from '../core/ids.js';
import { BoundedLog } from '../telemetry/bounded-log.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import type { EndedWait } from '../deliveries/end-wait.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { deleteOnceKeys } from '../endpoints/once-keys.js';
import { bumpRouting } from '../spaces/routing-version.js';
import { withEndedPause } from '../endpoints/ended-pause.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { targetOf } from './audit-facts.js';
import { SubscriptionsService } from './subscriptions.service.js';

const STATE = {
  name: 'subscriptions_state',
  text: `SELECT id, uid, status, paused_reason AS "pausedReason"
    FROM posthorn.subscriptions WHERE id = $1 FOR NO KEY UPDATE`,
};

type State = Pick<SubscriptionEntity, 'id' | 'uid' | 'status' | 'pausedReason'>;

const PAUSED = { status: 'paused', pausedReason: 'manual' };
const ACTIVE = { status: 'active', pausedReason: null };

// A person's pause outranks one for failures: no probe ends it.
const PAUSE = {
  name: 'subscriptions_pause',
  text: `
    UPDATE posthorn.subscriptions SET status = 'paused', paused_reason = 'manual', paused_at = coalesce(paused_at, $2),
      probe_step = 0, next_probe_at = NULL, version = version + 1, updated_at = $2
    WHERE id = $1 AND paused_reason IS DISTINCT FROM 'manual' RETURNING id`,
};

const RESUME = {
  name: 'subscriptions_resume',
  text: `
    UPDATE posthorn.subscriptions s SET recent_pauses = ${withEndedPause('s', '$2::timestamptz')},
      status = 'active', paused_reason = NULL, paused_at = NULL, failure_count = 0,
      first_failure_at = NULL, waits_until = NULL, waits_since = NULL, probe_step = 0, next_probe_at = NULL,
        version = version + 1, resumed_version = version + 1, updated_at = $2
    WHERE id = $1 AND status = 'paused' RETURNING id`,
};

const WAKE = {
  name: 'subscriptions_wake',
  text: `
    WITH waiting AS (
      SELECT id, waits_until FROM posthorn.subscriptions WHERE id = $1 AND waits_until > $2 FOR NO KEY UPDATE
    )
    UPDATE posthorn.subscriptions s SET waits_until = NULL, waits_since = NULL FROM waiting WHERE s.id = waiting.id
    RETURNING waiting.waits_until AS until`,
};

const DELETE = {
  name: 'subscriptions_delete',
  text: `DELETE FROM posthorn.subscriptions WHERE id = $1 RETURNING id`,
};

/**
 * Pauses, resumes and deletes subscriptions together with their deliveries. Each transaction changes the row, then
 * the space's routing version, then the deliveries: see `routing-version.ts` for why in this order.
 */
@Injectable()
export class LifecycleService {
  private readonly log = new BoundedLog(new Logger('subscriptions'));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly deliveries: DeliveriesService,
    private readonly subscriptions: SubscriptionsService,
    private readonly metrics: ProcessMetrics,
  ) {}

  /** Holds what is pending and what comes; nothing is lost. Changes nothing when a person paused it before. */
  async pause(space: SpaceRef, ref: string): Promise<SubscriptionEntity> {
    const { id } = await this.subscriptions.find(space, ref);
    const isPaused = await this.database.transaction(async (sql) => {
      const before = await this.stateOf(sql, id);
      const isChanged = await this.changeState(sql, PAUSE, space, [id, this.clock.date()]);
      if (isChanged) await this.deliveries.hold(sql, [id]);
      if (isChanged) await this.record(sql, space, before, { verb: 'pause', after: PAUSED });
      return isChanged;
    });
    if (isPaused) {
      this.metrics.counters.endpointPauses.inc({ reason: 'manual' });
      this.log.log({ msg: 'subscription.paused', ...named(space, id), reason: 'manual' });
    }
    await this.deliveries.holdRest(id);
    return this.subscriptions.find(space, ref);
  }

  /**
   * Delivers what was held, oldest first and in slices, or cancels it, and waits no longer for an endpoint that had
   * asked for it. Of an active subscription it only ends such a wait.
   */
  async resume(space: SpaceRef, ref: string, backlog: 'deliver' | 'discard'): Promise<SubscriptionEntity> {
    const { id } = await this.subscriptions.find(space, ref);
    if (backlog === 'discard') await this.deliveries.discardMost(id);
    const { isResumed, ended } = await this.database.transaction(async (sql) => {
      const before = await this.stateOf(sql, id);
      if (!(await this.changeState(sql, RESUME, space, [id, this.clock.date()])))
        return { isResumed: false, ended: await this.endWait(sql, space, before) };
      if (backlog === 'discard') await this.deliveries.discard(sql, id);
      await this.record(sql, space, before, { verb: 'resume', after: { ...ACTIVE, backlog } });
      return { isResumed: true, ended: null };
    });
    if (isResumed) {
      this.metrics.counters.endpointResumes.inc({ reason: 'manual' });
      this.log.log({ msg: 'subscription.resumed', ...named(space, id), reason: 'manual', backlog });
    }
    if (ended) await this.deliveries.finishWait(ended);
    // After the transaction, which keeps others from publishing in the space. What a crash leaves here the sweeper
    // releases.
    this.deliveries.enqueue(await this.deliveries.release(id));
    return this.subscriptions.find(space, ref);
  }

  /**
   * Waits no longer although the endpoint had asked for it, with what waits already. A pause stays, but may be probed.
   * Changes nothing when it waits for nothing.
   */
  async wake(space: SpaceRef, ref: string): Promise<SubscriptionEntity> {
    const { id } = await this.subscriptions.find(space, ref);
    const ended = await this.database.transaction(async (sql) =>
      this.endWait(sql, space, await this.stateOf(sql, id)),
    );
    if (ended) await this.deliveries.finishWait(ended);
    return this.subscriptions.find(space, ref);
  }

  /** Its open deliveries are cancelled; the log of its deliveries stays. */
  async delete(space: SpaceRef, ref: string): Promise<void> {
    const { id } = await this.subscriptions.find(space, ref);
    await this.deliveries.cancelMost(id);
    await this.database.managerTransaction(async (manager) => {
      const sql = managerSql(manager);
      const state = await this.stateOf(sql, id);
      const before = await this.subscriptions.factsIn(manager, id);
      if (!(await this.changeState(sql, DELETE, space, [id]))) return;
      await this.deliveries.cancel(sql, id);
      await deleteOnceKeys(sql, space.id, id);
      await this.record(sql, space, state, { verb: 'delete', before });
    });
  }

  private async endWait(sql: Sql, space: SpaceRef, state: State): Promise<EndedWait | null> {
    const { id } = state;
    const [ended] = await sql<{ until: Date }>(WAKE, [id, this.clock.date()]);
    if (!ended) return null;
    await this.record(sql, space, state, { verb: 'wake', before: { waitsUntil: ended.until } });
    return this.deliveries.endWait(sql, id, ended.until);
  }

  /** Locks the row. */
  private async stateOf(sql: Sql, id: string): Promise<State> {
    const [state] = await sql<State>(STATE, [id]);
    return state ?? { id, uid: null, status: 'active', pausedReason: null };
  }

  private record(
    sql: Sql,
    { id: spaceId, by }: SpaceRef,
    { id, uid, ...state }: State,
    { verb, before = state, after }: { verb: string; before?: Facts; after?: Facts },
  ): Promise<void> {
    const change = { spaceId, by, verb, target: targetOf(id, uid), before, ...(after && { after }) };
    return recordChange(sql, this.clock.now(), change);
  }

  private async changeState(
    sql: Sql,
    statement: { name: string; text: string },
    space: SpaceRef,
    values: unknown[],
  ) {
    const turned = (await sql(statement, values)).length > 0;
    if (turned) await bumpRouting(sql, [space.id]);
    return turned;
  }
}

function named(space: SpaceRef, id: string): { space: string; subscription: string } {
  return { space: publicId('spc', space.id), subscription: publicId('sub', id) };
}
