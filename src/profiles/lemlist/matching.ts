import type { EventScope } from '../../core/domain-types.js';
import { idText } from '../id-text.js';
import type { Candidate, Hook, MatchRules } from '../profile.js';
import { derive } from './lead-states.js';

type Activity = Record<string, unknown>;

/** Where an activity says it happened. */
export function scopeOf(data: unknown): EventScope {
  const activity = (data ?? {}) as Activity;
  const campaignId = idText(activity.campaignId);
  const leadId = idText(activity.leadId);
  return { ...(campaignId !== null && { campaignId }), ...(leadId !== null && { leadId }) };
}

/** A product that knows that an activity was not the first says so. */
function exclusionReason({ options }: Hook, { data }: Candidate): string | null {
  return options.isFirst === true && (data as Activity | null)?.isFirst === false ? 'not_first' : null;
}

/** The first of its type for a lead in a campaign. What is about no lead happens first once in the campaign or team. */
function onceKey({ options }: Hook, { type, data, scope }: Candidate): string | null {
  if (options.isFirst !== true) return null;
  const { contactId, leadEmail } = (data ?? {}) as Activity;
  const lead = scope.leadId ?? idText(contactId) ?? idText(leadEmail)?.toLowerCase();
  return JSON.stringify([scope.campaignId ?? null, lead ?? null, type]);
}

export const lemlistMatching: MatchRules = { derive, scopeOf, exclusionReason, onceKey };
