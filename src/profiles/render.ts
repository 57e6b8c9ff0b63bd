import type { ProfileName, StoredEvent } from '../core/words.js';
import type { Hook } from './profile.js';
import { profileOf } from './registry.js';
import { translate } from './translate.js';

/** A delivery's facts that its body is made of. */
export interface Renderable {
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

/** A delivery's body: rendered, signed and sent as these bytes, and the same bytes on every attempt. */
export function renderBody({ profile, spaceProfile, ...facts }: Renderable): Buffer {
  return profileOf(profile).render({ ...facts, data: dataOf(facts, spaceProfile, profile) });
}

/** Text that needs no translation stays as it is: parsing it would lose `1.0`. */
function dataOf({ event, type }: Pick<Renderable, 'event' | 'type'>, from: ProfileName, to: ProfileName) {
  if (from === to || event.type === type) return event.data;
  const tellable = { ...event, data: JSON.parse(event.data) as unknown };
  const told = translate(tellable, from, to);
  const { derive } = profileOf(to).matching;
  const mine = told.find(
    (candidate) => candidate.type === type || derive?.(candidate.type, candidate.data).includes(type),
  );
  return mine ? JSON.stringify(mine.data) : event.data;
}
