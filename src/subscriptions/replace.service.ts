import { Injectable } from '@nestjs/common';
import { Conflict, Invalid, NotFound, PreconditionFailed } from '../core/errors.js';
import { parsePublicId } from '../core/ids.js';
import { isUid } from '../http/uid.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { LifecycleService } from './lifecycle.service.js';
import { RotationService } from './rotation.service.js';
import type { NewSubscription } from './subscription.dto.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** The conditional headers of a request. */
export interface Conditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/** The subscription as it is now, and whether it is new. */
export interface Replaced {
  row: SubscriptionEntity;
  isNew: boolean;
}

/** Creates a subscription under a uid, or makes the one that has it just as the input says. */
@Injectable()
export class ReplaceService {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly rotation: RotationService,
  ) {}

  /**
   * Fields that are left out get their defaults; the secret, the state and what was counted stay. Throws NotFound for
   * an unknown `sub_` id, Invalid, PreconditionFailed, and what `create` throws.
   */
  async put(space: SpaceRef, ref: string, input: NewSubscription, conditions: Conditions): Promise<Replaced> {
    const before = await this.findOrNull(space, ref);
    if (before) return { row: await this.replace(space, ref, before, input, conditions), isNew: false };
    if (conditions.ifMatch !== undefined)
      throw new PreconditionFailed('There is no such subscription. Leave If-Match out to create it.');
    const row = await this.create(space, ref, input);
    if (row) return { row, isNew: true };
    // Another request has just created it.
    const other = await this.subscriptions.find(space, ref);
    return { row: await this.replace(space, ref, other, input, conditions), isNew: false };
  }

  private async findOrNull(space: SpaceRef, ref: string): Promise<SubscriptionEntity | null> {
    try {
      return await this.subscriptions.find(space, ref);
    } catch (error) {
      if (error instanceof NotFound && parsePublicId('sub', ref) === null && isUid(ref)) return null;
      throw error;
    }
  }

  /** Null when the uid has been taken meanwhile. */
  private async create(
    space: SpaceRef,
    uid: string,
    input: NewSubscription,
  ): Promise<SubscriptionEntity | null> {
    checkUid(uid, input);
    try {
      return await this.subscriptions.create(space, { ...input, uid });
    } catch (error) {
      if (error instanceof Conflict && error.code === 'uid_taken') return null;
      throw error;
    }
  }

  private async replace(
    space: SpaceRef,
    ref: string,
    before: SubscriptionEntity,
    { secret, profile, status, ...fields }: NewSubscription,
    { ifMatch, ifNoneMatch }: Conditions,
  ): Promise<SubscriptionEntity> {
    if (ifNoneMatch?.trim() === '*')
      throw new PreconditionFailed('The subscription exists. Leave If-None-Match out to replace it.');
    if (parsePublicId('sub', ref) === null) checkUid(ref, fields);
    if (profile !== undefined && profile !== before.profile) {
      const message = `It is "${before.profile}", and never changes. Delete the subscription and make a new one.`;
      throw new Invalid([{ path: 'profile', code: 'immutable', message }]);
    }
    if (secret !== undefined) this.checkSecret(before, secret);
    const uid = fields.uid === undefined ? before.uid : fields.uid;
    const row = await this.subscriptions.replace(space, ref, { ...fields, uid }, ifMatch);
    if (status === undefined || status === row.status) return row;
    return status === 'paused'
      ? this.lifecycle.pause(space, row.uid ?? ref)
      : this.lifecycle.resume(space, row.uid ?? ref, 'deliver');
  }

  private checkSecret(row: SubscriptionEntity, secret: string): void {
    const { parse } = profileOf(row.profile).secrets;
    const given = parse(secret);
    const [current] = this.rotation.secretsOf(row);
    if (given && current && given.equals(current.key)) return;
    const message =
      'is not its current secret. Leave it out, and exchange secrets with POST …/secret/rotate, which has an overlap.';
    throw new Invalid([{ path: 'secret', code: 'rotate_instead', message }]);
  }
}

function checkUid(ref: string, { uid }: Pick<NewSubscription, 'uid'>): void {
  if (uid === undefined || uid === ref) return;
  const message = `differs from "${ref}" in the path. Leave it out, or make it the same.`;
  throw new Invalid([{ path: 'uid', code: 'not_in_path', message }]);
}
