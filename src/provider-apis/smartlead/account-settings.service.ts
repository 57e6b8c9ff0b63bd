import { Injectable } from '@nestjs/common';
import { Conflict, NotFound } from '../../core/errors.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { LifecycleService } from '../../subscriptions/lifecycle.service.js';
import type { SubscriptionEntity } from '../../endpoints/subscription.entity.js';
import { SubscriptionRules } from '../../subscriptions/subscription-rules.service.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { optionsOf } from '../../profiles/smartlead/options.js';
import { smartleadProfile } from '../../profiles/smartlead/smartlead.profile.js';

const { name: PROFILE } = smartleadProfile;

/** Each configuration and its event. Only the first has a documented name. */
export const CONFIGURATIONS = {
  notify_on_disconnect: 'EMAIL_ACCOUNT_DISCONNECTED',
  notify_on_linkedin_disconnect: 'LINKEDIN_DISCONNECTED',
} as const;

export type Configuration = keyof typeof CONFIGURATIONS;

/** The user's own webhooks for account events: one address for each, or none. */
@Injectable()
export class AccountSettingsService {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly rules: SubscriptionRules,
  ) {}

  /** Throws Invalid for an address that is refused. */
  async check(space: SpaceRef, url: string): Promise<void> {
    await this.rules.check(space, PROFILE, { url }, null);
  }

  async urlOf(space: SpaceRef, name: Configuration): Promise<string | null> {
    return (await this.find(space, name))?.url ?? null;
  }

  /** Null: nobody is notified any more. Throws as `check`, and Conflict for a uid somebody else took. */
  async set(space: SpaceRef, name: Configuration, url: string | null): Promise<void> {
    const found = await this.find(space, name);
    if (url === null) {
      if (found) await this.lifecycle.delete(space, uidOf(name));
    } else if (found) await this.change(space, name, url);
    else await this.add(space, name, url);
  }

  private async add(space: SpaceRef, name: Configuration, url: string): Promise<void> {
    try {
      await this.subscriptions.create(space, {
        uid: uidOf(name),
        url,
        events: [CONFIGURATIONS[name]],
        profile: PROFILE,
        profileOptions: { account: true },
      });
    } catch (error) {
      // Another request was faster.
      if (!(error instanceof Conflict) || !(await this.find(space, name))) throw error;
      await this.change(space, name, url);
    }
  }

  private async change(space: SpaceRef, name: Configuration, url: string): Promise<void> {
    const { pausedReason } = await this.subscriptions.update(space, uidOf(name), { url });
    if (pausedReason === 'failures') await this.lifecycle.resume(space, uidOf(name), 'deliver');
  }

  private async find(space: SpaceRef, name: Configuration): Promise<SubscriptionEntity | null> {
    try {
      const row = await this.subscriptions.find(space, uidOf(name));
      return row.profile === PROFILE && optionsOf(row.profileOptions).account ? row : null;
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error;
    }
  }
}

function uidOf(name: Configuration): string {
  return `smartlead_${name}`;
}
