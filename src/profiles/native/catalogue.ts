import type { Static } from 'typebox';
import type { EventType } from '../profile.js';
import { campaignEvents } from './campaign.js';
import { emailEvents } from './email.js';
import { leadActivityEvents } from './lead-activity.js';
import { leadEvents } from './lead.js';
import { listEvents } from './list.js';
import { statusEvents } from './status.js';
import { tagEvents } from './tag.js';

const definitions = {
  ...leadEvents,
  ...leadActivityEvents,
  ...campaignEvents,
  ...listEvents,
  ...statusEvents,
  ...tagEvents,
  ...emailEvents,
};

/** The type of each event's data, by name. Derived from the schemas, so that the two cannot disagree. */
export type NativeEvents = {
  [Name in keyof typeof definitions]: Static<(typeof definitions)[Name]['schema']>;
};

export const nativeCatalogue: EventType[] = Object.entries(definitions).map(
  ([name, { family, description, schema, example }]) => ({ name, family, description, schema, example }),
);
