import { hmacSha256 } from '../../lib/hmac-sha256.js';
import { v5 } from 'uuid';
import { memberTexts } from '../../lib/json-scanner.js';
import type { StoredEvent } from '../../core/domain-types.js';
import type { AuthenticationInput, RenderInput } from '../profile.js';
import { BODIES, guideKeys, nameKeyOf } from './bodies.js';

/**
 * A flat body. Where one is documented: its keys in its order, with null for what the event does not tell, and whatever
 * else was published behind them. Otherwise what was published, behind the event's name. Values keep their text.
 */
export function render({ event, type, data }: RenderInput): Buffer {
  const word = nameKeyOf(type);
  const given = memberTexts(data);
  given.set(word, JSON.stringify(type));
  const body = BODIES.get(type);
  const documented = guideKeys(type, given) ?? body?.keys ?? [word];
  const members = [...new Set([...documented, ...given.keys()])].map((key) => {
    const value = given.get(key) ?? (body?.lists.has(key) ? '[]' : known(event, key));
    return `${JSON.stringify(key)}:${value}`;
  });
  return Buffer.from(`{${members.join(',')}}`);
}

/** What the event itself knows of a key its data lacks. */
function known({ occurredAt, scope }: StoredEvent, key: string): string {
  if (key.startsWith('time_')) return JSON.stringify(occurredAt.toISOString().replace(/\.\d{3}Z$/, 'Z'));
  if (key === 'campaign_id') return idText(scope.campaignId);
  if (key === 'client_id') return idText(scope.clientId);
  return key === 'unsubscribed_client_id_map' ? '{}' : 'null';
}

/** Their ids are numbers; ours may be anything. */
function idText(id: string | undefined): string {
  if (id === undefined) return 'null';
  return /^[1-9]\d{0,14}$/.test(id) ? id : JSON.stringify(id);
}

const LEVELS = { space: 'user', client: 'client', campaign: 'campaign', tags: 'user' } as const;

/** The signature covers the body alone. */
export function authenticationHeaders({
  eventId,
  type,
  body,
  keys,
  hook,
}: AuthenticationInput): Record<string, string> {
  const [key] = keys;
  const signature = key && hmacSha256(key, '', body, 'hex');
  return {
    'x-request-id': requestId(eventId, type),
    'x-webhook-level': LEVELS[hook.scope.level],
    ...(signature !== undefined && { 'x-smartlead-signature': `sha256=${signature}` }),
  };
}

/** A first email is an event of its own to a receiver that drops what it has seen, though ours is the same one. */
function requestId(eventId: string, type: string): string {
  return type === 'FIRST_EMAIL_SENT' ? v5(type, eventId) : eventId;
}
