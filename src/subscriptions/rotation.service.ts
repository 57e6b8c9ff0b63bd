import { Injectable } from '@nestjs/common';
import { recordChange } from '../audit/record-change.js';
import { Clock } from '../lib/clock.js';
import { Conflict, Invalid, NotFound } from '../core/errors.js';
import { Database } from '../database/database.js';
import { profileOf } from '../profiles/registry.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { targetOf } from './audit-facts.js';
import { checkSecret } from './check-subscription.js';
import { bumpRouting } from '../spaces/routing-version.js';
import { Sealer } from '../endpoints/seal.js';
import { liveSecrets, openSecrets, rotateSecrets, sealSecrets } from '../endpoints/secrets.js';
import type { Secret, StoredSecret } from '../endpoints/secrets.js';
import type { RotateInput } from './lifecycle.dto.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { toSecretView } from './subscription-wire.js';
import { SubscriptionsService } from './subscriptions.service.js';

const LOCK = {
  name: 'subscriptions_lock_secrets',
  text: `SELECT secrets FROM posthorn.subscriptions WHERE id = $1 FOR NO KEY UPDATE`,
};

const WRITE = {
  name: 'subscriptions_write_secrets',
  text: `UPDATE posthorn.subscriptions SET secrets = $2, version = version + 1, updated_at = $3 WHERE id = $1`,
};

/** Shows and exchanges the keys that sign a subscription's requests. */
@Injectable()
export class RotationService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly subscriptions: SubscriptionsService,
  ) {}

  /** The secrets that sign now, newest first. */
  secretsOf(row: SubscriptionEntity): Secret[] {
    return liveSecrets(openSecrets(this.sealer, row.id, row.secrets), this.clock.now());
  }

  /** What the answer to its creation shows; null: it has none, or its profile shows none. */
  secretAtCreation(row: SubscriptionEntity): string | null {
    if (profileOf(row.profile).secrets.shown === 'never') return null;
    return toSecretView(this.secretsOf(row), row.profile).secret;
  }

  /**
   * Makes a new secret the current one; those before it sign along for the overlap. Gives all that sign, newest
   * first. Throws Invalid for a malformed secret, Conflict when too many would sign at once or the profile's secrets
   * never change.
   */
  async rotate(space: SpaceRef, ref: string, { secret, overlapSeconds }: RotateInput): Promise<Secret[]> {
    const { id, profile, uid } = await this.subscriptions.find(space, ref);
    const rules = profileOf(profile).secrets;
    if (!rules.rotates) {
      const message = 'The secret of this subscription never changes. Delete it and make a new one.';
      throw new Conflict('secret_immutable', message);
    }
    const issues = secret === undefined ? [] : checkSecret(profile, secret);
    if (issues.length > 0) throw new Invalid(issues);
    const key = secret === undefined ? rules.generate() : rules.parse(secret);
    if (!key) throw new Conflict('no_secret', 'Subscriptions of this profile have no secret.');
    return this.database.transaction(async (sql) => {
      const [row] = await sql<{ secrets: StoredSecret[] }>(LOCK, [id]);
      if (!row) throw new NotFound('subscription');
      const secrets = openSecrets(this.sealer, id, row.secrets);
      const rotated = rotateSecrets(secrets, key, this.clock.now(), overlapSeconds);
      const sealed = JSON.stringify(sealSecrets(this.sealer, id, rotated));
      await sql(WRITE, [id, sealed, this.clock.date()]);
      await bumpRouting(sql, [space.id]);
      const [, previous] = rotated;
      await recordChange(sql, this.clock.now(), {
        ...{ spaceId: space.id, by: space.by, verb: 'rotate_secret', target: targetOf(id, uid) },
        after: {
          signing: rotated.length,
          previousUntil: previous?.expiresAt && new Date(previous.expiresAt),
        },
      });
      return rotated;
    });
  }
}
