import { Injectable } from '@nestjs/common';
import { Conflict, NotFound } from '../core/errors.js';
import type { Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { parsePublicId, publicId } from '../core/ids.js';
import { DROPPED, removedOf, type Removed } from '../core/removed.js';
import type { RequestFormat } from '../core/request-format.js';
import { Clock } from '../lib/clock.js';
import type { DeliveryStatus, ProfileName, StoredEvent, Trigger } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { listStatement } from '../database/list-statement.js';
import { scanPage, type Scanned } from '../database/scan-page.js';
import type { Sql } from '../database/sql.js';
import { findEvents } from '../event-store/find-events.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { Hook } from '../profiles/profile.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { deliveryConditions } from './delivery-conditions.js';
import type { DeliveryQuery } from './delivery.dto.js';
import type { DeliverySearch } from './delivery-search.dto.js';
import { cancelDelivery, retryDelivery } from './move-deliveries.js';
import { narrowDeliveries } from './narrow-deliveries.js';

/** A delivery's row. */
export interface DeliveryRow {
  id: string;
  event_id: string;
  event_type: string;
  subscription_id: string;
  status: DeliveryStatus;
  trigger: Trigger;
  attempt_count: number;
  max_attempts: number;
  next_attempt_at: Date | null;
  last_status_code: number | null;
  last_error: string | null;
  finished_at: Date | null;
  erased_at: Date | null;
  deliver_at: Date | null;
}

const COLUMNS = `id, event_id, event_type, subscription_id, status, trigger, attempt_count, max_attempts,
  next_attempt_at, last_status_code, last_error, finished_at, erased_at, deliver_at`;

const FIND = {
  name: 'deliveries_find',
  text: `SELECT ${COLUMNS} FROM posthorn.deliveries WHERE id = $2 AND space_id = $1`,
};

const SUBSCRIPTION_ID = {
  name: 'deliveries_subscription_id',
  text: `SELECT id FROM posthorn.subscriptions WHERE space_id = $1 AND uid = $2`,
};

const EVENT_ID = {
  name: 'deliveries_event_id',
  text: `SELECT event_id AS id FROM posthorn.event_keys WHERE space_id = $1 AND key = $2
    AND NOT EXISTS (SELECT FROM posthorn.events WHERE space_id = $1 AND id = $3)`,
};

const HOOKS = {
  name: 'deliveries_hooks',
  text: `
    SELECT profile, jsonb_array_length(secrets) > 0 AS "hasSecret", request_format AS format,
      event_type_versions AS versions,
      timeout_ms AS "timeoutMs", (secrets -> 0 ->> 'since')::float8 AS "secretSince",
      json_build_object('id', id, 'providerId', provider_id, 'options', profile_options,
        'scope', json_build_object('level', scope_level, 'clientId', client_id, 'campaignId', campaign_id)) AS hook
    FROM posthorn.subscriptions WHERE id = ANY($1::uuid[])`,
};

/** What the body of a delivery says about its subscription. */
export interface DeliveryHook {
  profile: ProfileName;
  hasSecret: boolean;
  /** How its requests look; null: as usual. */
  format: RequestFormat | null;
  /** The versions that it is pinned to, by event type; null: to none. */
  versions: Record<string, number> | null;
  /** How long an attempt may take, milliseconds. */
  timeoutMs?: number;
  /** When its secret became the current one, epoch milliseconds; null: with the subscription. */
  secretSince?: number | null;
  hook: Hook;
}

/** Throws Conflict where there is nothing left to send. */
function checkBody(event: StoredEvent | undefined): void {
  const removed = event ? removedOf(event.removed ?? null) : DROPPED;
  if (removed) throw bodyRemoved(removed);
}

function bodyRemoved({ reason, message }: Removed): Conflict {
  const code = reason === 'erased' ? 'event_erased' : 'body_removed';
  return new Conflict(
    code,
    `${message} There is nothing left to send. Publish the event again if you need it.`,
  );
}

/** The delivery log, and what a person can do with one delivery. */
@Injectable()
export class DeliveryLogService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queue: DeliveryQueue,
  ) {}

  /** One row more than the page holds, ordered by id. */
  async list(
    space: SpaceRef,
    query: Omit<DeliveryQuery, 'cursor'>,
    after: string | null,
  ): Promise<DeliveryRow[]> {
    const named = await this.resolve(space, query);
    if (named === null) return [];
    const { statement, values } = listStatement({
      name: 'deliveries_list',
      select: `SELECT ${COLUMNS} FROM posthorn.deliveries`,
      key: 'id',
      conditions: deliveryConditions(space, query, named),
      after,
      order: query.order,
      limit: query.limit + 1,
    });
    return this.database.sql<DeliveryRow>(statement, values);
  }

  /**
   * The same with filters that no index knows: looks at a bounded number of rows, and says where it ended. Throws
   * `Invalid` for a payload filter that is none.
   */
  async search(space: SpaceRef, query: DeliverySearch, after: string | null): Promise<Scanned<DeliveryRow>> {
    const named = await this.resolve(space, query);
    if (named === null) return { rows: [], position: null };
    const { sql, scanned } = narrowDeliveries(query);
    return scanPage<DeliveryRow>(this.database.sql, {
      list: {
        name: '',
        select: `SELECT ${COLUMNS} FROM posthorn.deliveries`,
        key: 'id',
        conditions: deliveryConditions(space, query, named),
        after,
        order: query.order,
        limit: scanned,
      },
      passes: sql,
      wanted: query.limit + 1,
    });
  }

  /** The dashed ids a filter means; null when nothing has one of its names. */
  async resolve(
    space: SpaceRef,
    filter: Pick<DeliveryQuery, 'subscription' | 'event'>,
  ): Promise<{ subscription: string | undefined; event: string | undefined } | null> {
    const subscription = await this.subscriptionNamed(space, filter.subscription);
    const event = await this.eventNamed(space, filter.event);
    return subscription === null || event === null ? null : { subscription, event };
  }

  /** `ref` is a `dlv_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<DeliveryRow> {
    const id = parsePublicId('dlv', ref);
    if (id === null) throw new NotFound('delivery');
    return this.read(space, id);
  }

  /** The same by the dashed id. */
  async read(space: SpaceRef, id: string): Promise<DeliveryRow> {
    const [row] = await this.database.sql<DeliveryRow>(FIND, [space.id, id]);
    if (!row) throw new NotFound('delivery');
    return row;
  }

  /**
   * One attempt now, whatever the delivery's status. Throws NotFound, and Conflict when its subscription or its body is
   * gone.
   */
  async retry(space: SpaceRef, ref: string): Promise<DeliveryRow> {
    const delivery = await this.find(space, ref);
    const { id, subscription_id: subscriptionId, event_id: eventId } = delivery;
    checkBody((await findEvents(this.database.sql, [eventId])).get(eventId));
    if ((await this.hookOf(subscriptionId)) === null) {
      throw new Conflict(
        'subscription_deleted',
        'The subscription of this delivery was deleted, so it cannot be sent.',
      );
    }
    await this.database.transaction(async (sql) => {
      await retryDelivery(sql, space.id, id, this.clock.date());
      await this.record(sql, space, delivery, 'retry');
    });
    this.queue.enqueue([{ id, subscriptionId }]);
    return this.read(space, id);
  }

  /** Throws NotFound, and Conflict when the delivery is finished. */
  async cancel(space: SpaceRef, ref: string): Promise<DeliveryRow> {
    const delivery = await this.find(space, ref);
    const { id } = delivery;
    const cancelled = await this.database.transaction(async (sql) => {
      const isCancelled = await cancelDelivery(sql, space.id, id, this.clock.date());
      if (isCancelled) await this.record(sql, space, delivery, 'cancel', { status: 'cancelled' });
      return isCancelled;
    });
    const row = await this.read(space, id);
    if (!cancelled) {
      throw new Conflict(
        'not_cancellable',
        `Only a pending or held delivery can be cancelled; this one is ${row.status}.`,
      );
    }
    return row;
  }

  private record(
    sql: Sql,
    { id: spaceId, by }: SpaceRef,
    { id, status, event_type: eventType, subscription_id: subscription }: DeliveryRow,
    verb: string,
    after?: Facts,
  ): Promise<void> {
    const before = { status, eventType, subscription: publicId('sub', subscription) };
    const target = { type: 'delivery' as const, id: publicId('dlv', id) };
    const change = { spaceId, by, verb, target, before, ...(after && { after }) };
    return recordChange(sql, this.clock.now(), change);
  }

  /** Null when the subscription is deleted. */
  async hookOf(subscriptionId: string): Promise<DeliveryHook | null> {
    return (await this.hooksOf([subscriptionId])).get(subscriptionId) ?? null;
  }

  /** By subscription; absent: it is deleted. */
  async hooksOf(subscriptionIds: string[]): Promise<Map<string, DeliveryHook>> {
    const rows = await this.database.sql<DeliveryHook>(HOOKS, [subscriptionIds]);
    return new Map(rows.map((row) => [row.hook.id, row]));
  }

  /** The dashed id a filter means; undefined without the filter, null when nothing has that name. */
  private async subscriptionNamed(
    space: SpaceRef,
    ref: string | undefined,
  ): Promise<string | null | undefined> {
    if (ref === undefined) return undefined;
    return parsePublicId('sub', ref) ?? this.lookUp(SUBSCRIPTION_ID, space, ref);
  }

  /** The same for events, whose publisher's own id may look like one of ours where it is old: ours come first. */
  private async eventNamed(space: SpaceRef, ref: string | undefined): Promise<string | null | undefined> {
    if (ref === undefined) return undefined;
    const id = parsePublicId('evt', ref);
    return (await this.lookUp(EVENT_ID, space, ref, id)) ?? id;
  }

  private async lookUp(
    statement: typeof SUBSCRIPTION_ID,
    space: SpaceRef,
    ref: string,
    ...more: unknown[]
  ): Promise<string | null> {
    if (ref.includes('\0')) return null;
    const [row] = await this.database.sql<{ id: string }>(statement, [space.id, ref, ...more]);
    return row?.id ?? null;
  }
}
