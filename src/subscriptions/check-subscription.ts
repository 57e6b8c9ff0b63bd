import { isOwnReceiver } from '../config/own-receiver.js';
import type { Settings } from '../config/settings.js';
import { checkClientCertificate } from '../core/client-certificate.js';
import { checkOAuth2 } from '../core/oauth2.js';
import { checkEndpointUrl } from '../core/endpoint-url.js';
import { Invalid, type Issue } from '../core/errors.js';
import { parsePatterns } from '../core/event-pattern.js';
import { parseFilter } from '../core/filter.js';
import { checkHeaders } from '../core/header-rules.js';
import { stringifyExactly } from '../lib/exact-number.js';
import type { Limits } from '../core/limits.js';
import type { ProfileName } from '../core/domain-types.js';
import type { Profile } from '../profiles/profile.js';
import { profileOf } from '../profiles/registry.js';
import { checkScope } from './check-scope.js';
import type { NewSubscription, SubscriptionChanges } from './subscription.dto.js';
import { MASK } from './subscription-wire.js';

/**
 * What is wrong with the fields that are given, beyond their shape: what one field alone cannot tell. `known` are
 * the names of the space's events.
 */
export function checkSubscription(
  input: NewSubscription | SubscriptionChanges,
  profile: ProfileName,
  known: string[],
  settings: Settings,
): Issue[] {
  const issues: Issue[] = [];
  const { url, events, scope, filter, headers, profileOptions } = input;
  const rules = profileOf(profile);
  if (url !== undefined && !isOwnReceiver(settings, url)) issues.push(...checkUrl(url, rules, settings));
  if (events) issues.push(...parsePatterns(events, known));
  if (scope) issues.push(...checkScope(scope, profile === 'native'));
  if (filter) issues.push(...filterIssues(filter));
  if (headers) issues.push(...checkHeaders(headers), ...checkMask(headers));
  issues.push(...checkPauseRule(input, rules));
  if (profileOptions) issues.push(...rules.options.check(profileOptions));
  if ('secret' in input && input.secret !== undefined) issues.push(...checkSecret(profile, input.secret));
  return issues;
}

/** What is wrong with what the endpoint is to know Posthorn by. `now`: epoch milliseconds. */
export function checkCredentials(
  { clientCertificate, oauth2 }: NewSubscription | SubscriptionChanges,
  now: number,
  settings: Settings,
): Issue[] {
  return [
    ...(clientCertificate ? checkClientCertificate(clientCertificate, now) : []),
    ...(oauth2 ? checkOAuth2(oauth2, settings) : []),
  ];
}

export function checkSecret(profile: ProfileName, text: string): Issue[] {
  const { parse, form } = profileOf(profile).secrets;
  return parse(text) ? [] : [{ path: 'secret', code: 'invalid_secret', message: form }];
}

/**
 * Where the operator allows http for trying things out, a profile that insists on https has it on this machine only.
 */
function checkUrl(url: string, { httpsOnly }: Profile, settings: Settings): Issue[] {
  const allowHttp = settings.allowHttp && (!httpsOnly || isThisMachine(url));
  return checkEndpointUrl(url, { allowHttp, allowTargets: settings.allowTargets });
}

/** A provider that passes over what comes during a pause counts bare failures, and gives up what it cannot deliver. */
function checkPauseRule(input: NewSubscription | SubscriptionChanges, { name, defaults }: Profile): Issue[] {
  if (defaults.pause.onExhausted === 'operator') return [];
  const not = (path: string, value: string): Issue => ({
    path,
    code: 'not_in_profile',
    message: `The profile "${name}" has a pause rule of its own. Leave it out, or set ${value}.`,
  });
  return [
    ...(input.onExhausted === 'hold' ? [not('onExhausted', '"fail"')] : []),
    ...((input.pauseAfterSeconds ?? 0) > 0 ? [not('pauseAfterSeconds', '0')] : []),
  ];
}

function isThisMachine(url: string): boolean {
  return URL.canParse(url) && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

function filterIssues(filter: object): Issue[] {
  const parsed = parseFilter(filter);
  return 'issues' in parsed ? parsed.issues : [];
}

/** Throws Invalid for a filter that is longer than the space's may be. */
export function checkFilterSize(
  { filter }: NewSubscription | SubscriptionChanges,
  { filterBytes }: Limits,
): void {
  const bytes = filter ? Buffer.byteLength(stringifyExactly(filter)) : 0;
  if (bytes <= filterBytes) return;
  const message =
    `A filter of this space may have ${filterBytes} bytes; this one has ${bytes}. Shorten it, or have ` +
    'the operator raise limits.filterBytes of the space.';
  throw new Invalid([{ path: 'filter', code: 'too_large', message }]);
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
