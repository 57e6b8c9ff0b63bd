import { ExactNumber } from '../../lib/exact-number.js';
import type { EventScope } from '../../core/domain-types.js';
import type { Candidate, Hook, MatchRules } from '../profile.js';
import { derive } from './lead-states.js';

type Activity = Record<string, unknown>;

/** Some products number theirs. */
function idOf(value: unknown): string | undefined {
  if (typeof value === 'number' || value instanceof ExactNumber) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Where an activity says it happened. */
export function scopeOf(data: unknown): EventScope {
  const activity = (data ?? {}) as Activity;
  const campaignId = idOf(activity.campaignId);
  const leadId = idOf(activity.leadId);
  return { ...(campaignId !== undefined && { campaignId }), ...(leadId !== undefined && { leadId }) };
}

/** A product that knows that an activity was not the first says so. */
function exclusionReason({ options }: Hook, { data }: Candidate): string | null {
  return options.isFirst === true && (data as Activity | null)?.isFirst === false ? 'not_first' : null;
}

/** The first of its type for a lead in a campaign. What is about no lead happens first once in the campaign or team. */
function onceKey({ options }: Hook, { type, data, scope }: Candidate): string | null {
  if (options.isFirst !== true) return null;
  const { contactId, leadEmail } = (data ?? {}) as Activity;
  const lead = scope.leadId ?? idOf(contactId) ?? idOf(leadEmail)?.toLowerCase();
  return JSON.stringify([scope.campaignId ?? null, lead ?? null, type]);
}

export const lemlistMatching: MatchRules = { derive, scopeOf, exclusionReason, onceKey };
