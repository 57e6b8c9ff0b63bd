import type { EventScope } from '../../core/words.js';
import type { Candidate, Hook, MatchRules } from '../profile.js';
import { derive } from './groups.js';

type Activity = Record<string, unknown>;

function scopeOf(data: unknown): EventScope {
  const { campaignId, leadId } = (data ?? {}) as Activity;
  return {
    ...(typeof campaignId === 'string' && { campaignId }),
    ...(typeof leadId === 'string' && { leadId }),
  };
}

/** A product that knows that an activity was not the first says so. */
function refuses({ options }: Hook, { data }: Candidate): string | null {
  return options.isFirst === true && (data as Activity | null)?.isFirst === false ? 'not_first' : null;
}

/** The first of its type for a lead in a campaign. What is about no lead happens first once in the campaign or team. */
function onceBy({ options }: Hook, { type, data, scope }: Candidate): string | null {
  if (options.isFirst !== true) return null;
  const { contactId, leadEmail } = (data ?? {}) as Activity;
  const lead = [scope.leadId, contactId, leadEmail].find((each) => typeof each === 'string' && each !== '');
  return JSON.stringify([scope.campaignId ?? null, lead ?? null, type]);
}

export const lemlistMatching: MatchRules = { derive, scopeOf, refuses, onceBy };
