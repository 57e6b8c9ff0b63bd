import type { EventScope } from '../../core/domain-types.js';
import { idText } from '../id-text.js';
import type { Candidate, Hook, HookState, MatchRules } from '../profile.js';
import { ACCOUNT_EVENTS } from './catalogue.js';
import { optionsOf } from './options.js';

/** Who gets an event: one level before the others, by category, and account events apart from all of it. */
export const smartleadMatching: MatchRules = {
  tiers: [['space'], ['client', 'campaign']],
  derive: (type, data) => (type === 'EMAIL_SENT' && isFirst(data) ? ['FIRST_EMAIL_SENT'] : []),
  scopeOf,
  exclusionReason,
  suppresses,
};

function isFirst(data: unknown): boolean {
  return field(data, 'sequence_number') === 1;
}

function scopeOf(data: unknown): EventScope {
  const clientId = idText(field(data, 'client_id'));
  const campaignId = idText(field(data, 'campaign_id'));
  return { ...(clientId !== null && { clientId }), ...(campaignId !== null && { campaignId }) };
}

function exclusionReason({ options }: Hook, { type, data }: Candidate): string | null {
  const { account, categoryIds, categoryNames } = optionsOf(options);
  if (account !== ACCOUNT_EVENTS.has(type)) return account ? 'campaign_event' : 'account_event';
  if (type === 'FIRST_EMAIL_SENT' && !isFirst(data)) return 'not_first';
  if (type !== 'LEAD_CATEGORY_UPDATED' || categoryIds.length + categoryNames.length === 0) return null;
  const id = idText(field(data, 'lead_category_id'));
  const name = field(data, 'category');
  const isListed =
    (id !== null && categoryIds.includes(id)) || (typeof name === 'string' && categoryNames.includes(name));
  return isListed ? null : 'category';
}

function suppresses(hook: HookState, candidate: Candidate): boolean {
  const { account, priority } = optionsOf(hook.options);
  if (account || ACCOUNT_EVENTS.has(candidate.type)) return false;
  if (priority === 'always') return true;
  if (hook.status !== 'active') return false;
  return priority === 'active' || (hook.passesFilter && exclusionReason(hook, candidate) === null);
}

function field(data: unknown, name: string): unknown {
  const has = typeof data === 'object' && data !== null && Object.hasOwn(data, name);
  return has ? (data as Record<string, unknown>)[name] : undefined;
}
