import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import type { ProfileName } from '../core/domain-types.js';
import { Invalid, type Issue } from '../core/errors.js';
import { changesFormat, checkFormat, formatAfter } from '../core/request-format.js';
import { Database } from '../database/database.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { knownEvents } from '../event-types/known-events.js';
import { versionsByName } from '../event-types/known-versions.js';
import { Clock } from '../lib/clock.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { BodyTrialService } from './body-trial.service.js';
import { checkPins } from './check-pins.js';
import { checkCredentials, checkSubscription } from './check-subscription.js';
import type { NewSubscription, SubscriptionChanges } from './subscription.dto.js';

/** What a subscription may be. */
@Injectable()
export class SubscriptionRules {
  constructor(
    readonly settings: Settings,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly trial: BodyTrialService,
  ) {}

  /** Throws Invalid. `before`: what is changed; null: it is a new one, or all of it is replaced. */
  async check(
    space: SpaceRef,
    profile: ProfileName,
    input: NewSubscription | SubscriptionChanges,
    before: SubscriptionEntity | null,
  ): Promise<void> {
    const known = input.events ? await knownEvents(this.database.sql, space, profile, this.settings) : [];
    const issues = [
      ...checkSubscription(input, profile, known, this.settings),
      ...checkCredentials(input, this.clock.now(), this.settings),
      ...formatIssues(input, profile, before),
    ];
    if (input.eventTypeVersions)
      issues.push(...(await this.pinIssues(space, profile, input.eventTypeVersions)));
    if (issues.length > 0) throw new Invalid(issues);
    const { eventTypeVersions } = input;
    const isOther = changesFormat(input) || eventTypeVersions !== undefined;
    const format = isOther ? formatAfter(before?.requestFormat ?? null, input) : null;
    const pins = eventTypeVersions === undefined ? before?.eventTypeVersions : eventTypeVersions;
    const events = input.events ?? before?.events ?? ['*'];
    if (format) await this.trial.check(space, format, { profile, events, pins });
  }

  /** What is wrong with the versions of event types that a subscription wants. */
  async pinIssues(space: SpaceRef, profile: ProfileName, pins: Record<string, unknown>): Promise<Issue[]> {
    if (profile !== 'native' || space.profile !== 'native') {
      const message =
        'Only subscriptions of the native profile in a native space have versions. Leave it out.';
      return [{ path: 'eventTypeVersions', code: 'not_in_profile', message }];
    }
    const { sql } = this.database;
    const names = await knownEvents(sql, space, profile, this.settings);
    return checkPins(pins, names, await versionsByName(sql, space.id, Object.keys(pins)));
  }
}

function formatIssues(
  input: NewSubscription | SubscriptionChanges,
  profile: ProfileName,
  before: SubscriptionEntity | null,
): Issue[] {
  const format = changesFormat(input) ? formatAfter(before?.requestFormat ?? null, input) : null;
  if (format === null) return [];
  if (profile === 'native') return checkFormat(format);
  const message = `The profile "${profile}" has a form of its own. Leave body, contentType and method out.`;
  return [{ path: 'body', code: 'not_in_profile', message }];
}
