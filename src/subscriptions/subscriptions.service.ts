import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { LessThan, MoreThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { Facts } from '../audit/changes.js';
import { recordChange } from '../audit/record-change.js';
import { Clock } from '../lib/clock.js';
import { Conflict, NotFound } from '../core/errors.js';
import { changesFormat, formatAfter } from '../core/request-format.js';
import { stringifyExactly } from '../lib/exact-number.js';
import { hasWeakEvidence, probeDelayMs } from '../core/health.js';
import { isUuid, parsePublicId } from '../core/ids.js';
import type { ProfileName, SubscriptionStatus } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { managerSql, type Sql } from '../database/sql.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import type { EndedWait } from '../deliveries/end-wait.js';
import { checkIfMatch } from '../http/etag.js';
import { checkNewUid, isUid } from '../http/uid.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { blankSubscription } from './blank-subscription.js';
import { AS_GIVEN, decidedOf, hidesChanges } from './decided-fields.js';
import { levelOf } from './check-scope.js';
import { checkFilterSize } from './check-subscription.js';
import { subscriptionFacts, shown, shownDifference, targetOf } from './audit-facts.js';
import { checkLimitAfterCreate, counted, readLimits } from '../spaces/space-limits.js';
import { bumpRouting } from '../spaces/routing-version.js';
import { searchSubscriptions, type SubscriptionSearch } from './search-subscriptions.js';
import { forgetCertificate } from '../endpoints/certificates.js';
import { forgetLosses } from '../endpoints/losses.js';
import { Sealer } from '../endpoints/seal.js';
import { sealHeaders, sealObject, sealSecrets } from '../endpoints/secrets.js';
import type { NewSubscription, SubscriptionChanges } from './subscription.dto.js';
import { SubscriptionRules } from './subscription-rules.service.js';
import { SubscriptionEntity } from '../endpoints/subscription.entity.js';

/** Which page of a space's subscriptions. `after` is the dashed id the page before ended with. */
export interface SubscriptionsPage {
  status?: SubscriptionStatus;
  profile?: ProfileName;
  after?: string;
  limit: number;
  order: 'asc' | 'desc';
}

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

const SUBSCRIPTIONS = counted('subscriptions', 'subscriptions', 'posthorn.subscriptions');

/** Creates, finds and changes subscriptions. What also moves deliveries is in `lifecycle.service.ts`. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: SubscriptionRules,
    private readonly sealer: Sealer,
    private readonly deliveries: DeliveriesService,
  ) {}

  /**
   * `first` runs in the same transaction and may refuse; in one space one at a time, so that it sees what others made.
   * Throws Invalid for what is wrong, LimitReached, and Conflict for a taken uid.
   */
  async create(
    space: SpaceRef,
    input: NewSubscription,
    first?: (sql: Sql) => Promise<void>,
  ): Promise<SubscriptionEntity> {
    checkNewUid(input.uid);
    const profile = input.profile ?? space.profile;
    await this.rules.check(space, profile, input, null);
    const row = blankSubscription(space, profile, this.rules.settings, this.clock.date());
    this.apply(row, input);
    if (input.status === 'paused')
      Object.assign(row, { status: 'paused', pausedReason: 'manual', pausedAt: row.createdAt });
    const key = keyOf(profile, input.secret);
    row.secrets = key ? sealSecrets(this.sealer, row.id, [{ key, expiresAt: null }]) : [];
    return this.write(space, async (manager) => {
      const sql = managerSql(manager);
      if (first) {
        // It locks the space.
        await bumpRouting(sql, [space.id]);
        await first(sql);
      }
      row.providerId = await newProviderId(sql, profile);
      await manager.insert(SubscriptionEntity, row);
      checkFilterSize(input, await checkLimitAfterCreate(sql, this.rules.settings, space.id, SUBSCRIPTIONS));
      const after = shown(subscriptionFacts(this.sealer, row, this.clock.date()));
      await this.record(sql, space, row, { verb: 'create', after });
      return row;
    });
  }

  /** The page of a search, in the order it asks for. */
  search(space: SpaceRef, search: SubscriptionSearch): Promise<SubscriptionEntity[]> {
    return searchSubscriptions(this.rows, space.id, search);
  }

  /** Ordered by id. */
  async list(
    space: SpaceRef,
    { status, profile, after, limit, order }: SubscriptionsPage,
  ): Promise<SubscriptionEntity[]> {
    const id = after && (order === 'asc' ? MoreThan(after) : LessThan(after));
    return this.rows.find({
      where: { spaceId: space.id, ...(status && { status }), ...(profile && { profile }), ...(id && { id }) },
      order: { id: order },
      take: limit,
    });
  }

  /** `ref` is a `sub_` id or a uid. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<SubscriptionEntity> {
    const row = await this.rows.findOneBy(named(space, ref));
    if (!row) throw new NotFound('subscription');
    return row;
  }

  /** One of a profile's by what the provider's own API calls it. Throws NotFound. */
  async findTheirs(space: SpaceRef, profile: ProfileName, ref: string): Promise<SubscriptionEntity> {
    const isId = profileOf(profile).ids.kind === 'uuid';
    const where = isId ? { id: ref } : { providerId: ref };
    const row =
      isId && !isUuid(ref) ? null : await this.rows.findOneBy({ spaceId: space.id, profile, ...where });
    if (!row) throw new NotFound('subscription');
    return row;
  }

  /**
   * Changes the fields that are given. `ifMatch` is an If-Match header. Throws NotFound, Invalid, Conflict for a
   * taken uid, and PreconditionFailed.
   */
  update(
    space: SpaceRef,
    ref: string,
    changes: SubscriptionChanges,
    ifMatch?: string,
  ): Promise<SubscriptionEntity> {
    return this.change(space, ref, changes, { ifMatch, isReset: false });
  }

  /** The same, with the default for each field that is not given. Writes nothing when nothing differs. */
  replace(
    space: SpaceRef,
    ref: string,
    fields: SubscriptionChanges,
    ifMatch?: string,
  ): Promise<SubscriptionEntity> {
    return this.change(space, ref, fields, { ifMatch, isReset: true });
  }

  private async change(
    space: SpaceRef,
    ref: string,
    changes: SubscriptionChanges,
    { ifMatch, isReset }: { ifMatch: string | undefined; isReset: boolean },
  ): Promise<SubscriptionEntity> {
    const current = await this.find(space, ref);
    const { profile } = current;
    await this.rules.check(space, profile, changes, isReset ? null : current);
    let ended: Date | null = null;
    const change = async (manager: EntityManager) => {
      const where = named(space, ref);
      const row = await manager.findOne(SubscriptionEntity, { where, lock: { mode: 'pessimistic_write' } });
      if (!row) throw new NotFound('subscription');
      checkIfMatch(ifMatch, row.version);
      const before = subscriptionFacts(this.sealer, row, this.clock.date());
      if (changes.filter)
        checkFilterSize(changes, await readLimits(managerSql(manager), this.rules.settings, space.id));
      // What one address asked for does not bind another. A transaction that is repeated begins anew.
      ended = null;
      if (changes.url !== undefined && changes.url !== row.url) {
        ended = row.waitsUntil;
        Object.assign(row, { waitsUntil: null, waitsSince: null });
        if (new URL(changes.url).host !== new URL(row.url).host)
          await forgetCertificate(managerSql(manager), row.id);
      }
      if (isReset)
        Object.assign(
          row,
          decidedOf(blankSubscription(space, profile, this.rules.settings, this.clock.date())),
        );
      this.apply(row, changes);
      if (changes.recovery || isReset) planProbe(row, this.clock.now());
      const after = subscriptionFacts(this.sealer, row, this.clock.date());
      const both = shownDifference(before, after);
      if (isReset && !hidesChanges(changes) && isDeepStrictEqual(before, after)) return row;
      row.version += 1;
      row.updatedAt = this.clock.date();
      await this.record(managerSql(manager), space, row, { verb: 'update', ...both });
      return manager.save(row);
    };
    let wait: EndedWait | null = null as EndedWait | null;
    const row = await this.write(space, change, async (sql, { id }) => {
      wait = ended === null ? null : await this.deliveries.endWait(sql, id, ended);
    });
    if (wait) await this.deliveries.finishWait(wait);
    return row;
  }

  /**
   * Removes the losses this row knows of from the note: they are sent again or no longer wanted. Later ones stay in it.
   * `first` runs in the same transaction; when it gives false, nothing is removed.
   */
  async forgetLost(
    space: SpaceRef,
    row: SubscriptionEntity,
    first: (sql: Sql) => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<void> {
    const { id, lostCount } = row;
    await this.database.transaction(async (sql) => {
      if (!(await first(sql))) return;
      await forgetLosses(sql, id, lostCount, this.clock.date());
      await this.record(sql, space, row, { verb: 'forget_lost', before: { lost: lostCount } });
    });
  }

  private record(
    sql: Sql,
    { id: spaceId, by }: SpaceRef,
    { id, uid }: SubscriptionEntity,
    change: { verb: string; before?: Facts; after?: Facts },
  ): Promise<void> {
    return recordChange(sql, this.clock.now(), { spaceId, by, target: targetOf(id, uid), ...change });
  }

  /** What people decided of it, for the audit log; locks the row. Undefined when it is deleted. */
  async factsIn(manager: EntityManager, id: string): Promise<Facts | undefined> {
    const lock = { mode: 'pessimistic_write' } as const;
    const row = await manager.findOne(SubscriptionEntity, { where: { id }, lock });
    return row ? shown(subscriptionFacts(this.sealer, row, this.clock.date())) : undefined;
  }

  /** Writes a row and makes publishers reload, in one transaction. `last` may change its deliveries. */
  private async write(
    space: SpaceRef,
    work: (manager: EntityManager) => Promise<SubscriptionEntity>,
    last?: (sql: Sql, row: SubscriptionEntity) => Promise<void>,
  ): Promise<SubscriptionEntity> {
    try {
      return await this.database.managerTransaction(async (manager) => {
        const row = await work(manager);
        await bumpRouting(managerSql(manager), [space.id]);
        await last?.(managerSql(manager), row);
        return row;
      });
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === UNIQUE_VIOLATION) {
        throw new Conflict(
          'uid_taken',
          'Another subscription of this space has this uid. Choose another one.',
        );
      }
      if (code === FOREIGN_KEY_VIOLATION) throw new NotFound('space');
      throw error;
    }
  }

  private apply(row: SubscriptionEntity, input: NewSubscription | SubscriptionChanges): void {
    const { scope, filter, headers, rateLimit } = input;
    for (const field of AS_GIVEN) {
      if (input[field] !== undefined) Object.assign(row, { [field]: input[field] });
    }
    if (scope) {
      row.scopeLevel = levelOf(scope);
      row.scopeTags = scope.tags ?? null;
      row.clientId = scope.clientId ?? null;
      row.campaignId = scope.campaignId ?? null;
    }
    if (filter !== undefined) row.filter = filter === null ? null : stringifyExactly(filter);
    if (headers) row.headers = sealHeaders(this.sealer, row.id, headers);
    if (input.clientCertificate !== undefined)
      row.clientCertificate = sealObject(this.sealer, row.id, 'client_certificate', input.clientCertificate);
    if (input.oauth2 !== undefined) row.oauth2 = sealObject(this.sealer, row.id, 'oauth2', input.oauth2);
    if (input.profileOptions) {
      row.profileOptions = { ...profileOf(row.profile).options.defaults, ...input.profileOptions };
    }
    if (changesFormat(input)) row.requestFormat = formatAfter(row.requestFormat, input);
    if (rateLimit !== undefined) row.ratePerSecond = rateLimit?.perSecond ?? null;
  }

  private get rows() {
    return this.database.source.getRepository(SubscriptionEntity);
  }
}

const NEXT_NUMBER = {
  name: 'subscriptions_next_number',
  text: `SELECT nextval('posthorn.provider_ids')::text AS id`,
};

/** What the provider's own API will call a new subscription; null: its id. */
async function newProviderId(sql: Sql, profile: ProfileName): Promise<string | null> {
  const { ids } = profileOf(profile);
  if (ids.kind === 'uuid') return null;
  if (ids.kind === 'text') return ids.make();
  const [row] = await sql<{ id: string }>(NEXT_NUMBER, []);
  return row?.id ?? null;
}

/** Throws NotFound for what is neither an id nor a uid. */
function named(space: SpaceRef, ref: string): FindOptionsWhere<SubscriptionEntity> {
  const id = parsePublicId('sub', ref);
  if (id === null && !isUid(ref)) throw new NotFound('subscription');
  return id === null ? { spaceId: space.id, uid: ref } : { spaceId: space.id, id };
}

/** A changed `recovery` counts for the pause that is on, too. Only a pause for failures is ever probed. */
function planProbe(row: SubscriptionEntity, now: number): void {
  const probes = row.pausedReason === 'failures' && row.recovery === 'probe';
  if (!probes) row.nextProbeAt = null;
  else row.nextProbeAt ??= new Date(now + probeDelayMs(row.probeStep, hasWeakEvidence(row)));
}

/** The key of a secret that was checked, or a new one; null when the profile does without. */
function keyOf(profile: ProfileName, secret: string | undefined): Buffer | null {
  const { parse, generate } = profileOf(profile).secrets;
  return secret === undefined ? generate() : parse(secret);
}
