import { parseExactly, stringifyExactly } from '../lib/exact-number.js';
import type { ProfileName, StoredEvent } from '../core/domain-types.js';
import type { Hook } from './profile.js';
import { profileOf } from './registry.js';
import { translate } from './translate.js';

/** A delivery's facts that its body is made of. */
export interface RenderFacts {
  event: StoredEvent;
  /** The delivery's type: the event's in the subscription's words. */
  type: string;
  deliveryId: string;
  hook: Hook;
  /** The subscription's profile and its space's. */
  profile: ProfileName;
  spaceProfile: ProfileName;
  /** What stands in the body for the secret, for a profile that has it there; null: it has none. */
  secret: string | null;
}

/** What other bodies than the profile's own are made of. */
export interface RenderedParts {
  /** JSON text: the event's data in the subscription's words. */
  data: string;
  body: Buffer;
}

/** The same with the data that the body has. */
export function renderParts(facts: RenderFacts): RenderedParts {
  const { event, type, deliveryId, hook, profile, spaceProfile, secret } = facts;
  const data = dataOf(event, type, spaceProfile, profile);
  return { data, body: profileOf(profile).render({ event, type, data, deliveryId, hook, secret }) };
}

/** A delivery's body: rendered, signed and sent as these bytes, and the same bytes on every attempt. */
export function renderBody(facts: RenderFacts): Buffer {
  return renderParts(facts).body;
}

/** Text that needs no translation stays as it is: parsing it would make `1.0` a `1`. No number loses digits. */
function dataOf(event: StoredEvent, type: string, from: ProfileName, to: ProfileName): string {
  if (from === to || event.type === type) return event.data;
  const translatable = { ...event, data: parseExactly(event.data) };
  const translated = translate(translatable, from, to);
  const { derive } = profileOf(to).matching;
  const mine = translated.find(
    (candidate) => candidate.type === type || derive?.(candidate.type, candidate.data).includes(type),
  );
  return mine ? stringifyExactly(mine.data) : event.data;
}
