import { isOwnReceiver } from '../config/own-receiver.js';
import type { Settings } from '../config/settings.js';
import { checkEndpointUrl } from '../core/endpoint-url.js';
import type { Issue } from '../core/errors.js';
import { parsePatterns } from '../core/event-pattern.js';
import { parseFilter } from '../core/filter.js';
import { checkHeaders } from '../core/header-rules.js';
import { isAvailable, knownProfiles } from '../profiles/registry.js';
import type { NewSubscription, ScopeInput, SubscriptionChanges } from './subscription.dto.js';
import { parseSecret, SECRET_FORM } from './secrets.js';
import { MASK } from './subscription-wire.js';

/**
 * What is wrong with the fields that are given, beyond their shape: what one field alone cannot tell. `known` are
 * the names of the space's events.
 */
export function checkSubscription(
  input: NewSubscription | SubscriptionChanges,
  known: string[],
  settings: Settings,
): Issue[] {
  const issues: Issue[] = [];
  const { url, events, scope, filter, headers, profile } = input;
  if (url !== undefined && !isOwnReceiver(settings, url)) issues.push(...checkEndpointUrl(url, settings));
  if (events) issues.push(...parsePatterns(events, known));
  if (scope) issues.push(...checkScope(scope));
  if (filter) issues.push(...filterIssues(filter));
  if (headers) issues.push(...checkHeaders(headers), ...checkMask(headers));
  if (profile && !isAvailable(profile)) {
    const message = `Is not available yet. Choose one of: ${knownProfiles().join(', ')}.`;
    issues.push({ path: 'profile', code: 'unavailable_profile', message });
  }
  if ('secret' in input && input.secret !== undefined) issues.push(...checkSecret(input.secret));
  return issues;
}

export function checkSecret(text: string): Issue[] {
  return parseSecret(text) ? [] : [{ path: 'secret', code: 'invalid_secret', message: SECRET_FORM }];
}

function checkScope({ level, clientId, campaignId }: ScopeInput): Issue[] {
  const given = { clientId, campaignId };
  const wanted = { space: null, client: 'clientId', campaign: 'campaignId' }[level];
  return (['clientId', 'campaignId'] as const).flatMap((field): Issue[] => {
    const path = `scope.${field}`;
    if (field === wanted && !given[field])
      return [{ path, code: 'required', message: `Is required with level "${level}".` }];
    if (field !== wanted && given[field] !== undefined) {
      return [{ path, code: 'not_allowed', message: `Leave it out with level "${level}".` }];
    }
    return [];
  });
}

function filterIssues(filter: object): Issue[] {
  const parsed = parseFilter(filter);
  return 'issues' in parsed ? parsed.issues : [];
}

/** A masked answer that is sent back as a change would replace the real values. */
function checkMask(headers: Record<string, string>): Issue[] {
  return Object.keys(headers)
    .filter((name) => headers[name] === MASK)
    .map((name) => ({
      path: `headers[${JSON.stringify(name)}]`,
      code: 'masked_value',
      message: `"${MASK}" only stands for a value that was hidden. Send the real one, or leave headers out.`,
    }));
}
