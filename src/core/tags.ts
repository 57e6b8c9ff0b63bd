import type { EventScope } from './domain-types.js';
import type { Issue } from './errors.js';

/** Where an event happened, in words of the publisher's own: `{client: 'acme', region: 'eu'}`. */
export type Tags = Record<string, string>;

/** What a subscription asks of an event's tags: for each the value, or one of several. All must fit. */
export type WantedTags = Record<string, string | string[]>;

export const MAX_TAGS = 20;
export const MAX_TAG_VALUE = 256;
/** Values that a subscription may list for a tag. */
export const MAX_TAG_VALUES = 100;

/** Names that every object inherits cannot be stored as keys. */
const INHERITED =
  'constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf';
export const TAG_NAME_FORM = `^(?!(?:${INHERITED})$)[A-Za-z][A-Za-z0-9_.-]{0,63}$`;

/** Tags that are fields of a scope, too: they are the same, and stored once. */
const ALIASES = { client: 'clientId', campaign: 'campaignId', lead: 'leadId' } as const;

type Alias = keyof typeof ALIASES;

function isAlias(name: string): name is Alias {
  return Object.hasOwn(ALIASES, name);
}

/** A scope with the tags in it, or what contradicts each other. `at`: where the event stands, for messages. */
export function scopeWithTags(scope: EventScope, tags: Tags, join: (path: string) => string) {
  const merged: EventScope = { ...scope };
  const others: Tags = {};
  const issues: Issue[] = [];
  for (const [name, value] of Object.entries(tags)) {
    if (!isAlias(name)) {
      others[name] = value;
      continue;
    }
    const field = ALIASES[name];
    if (merged[field] !== undefined && merged[field] !== value) {
      const message = `differs from scope.${field}, which means the same. Remove one of them.`;
      issues.push({ path: join(`tags.${name}`), code: 'given_twice', message });
    }
    merged[field] = value;
  }
  if (Object.keys(others).length > 0) merged.tags = others;
  return { scope: merged, issues };
}

/** All tags of a scope. */
export function tagsOf({ clientId, campaignId, leadId, tags }: EventScope): Tags {
  return {
    ...(clientId !== undefined && { client: clientId }),
    ...(campaignId !== undefined && { campaign: campaignId }),
    ...(leadId !== undefined && { lead: leadId }),
    ...tags,
  };
}

/** Whether an event has all wanted tags. */
export function hasTags(wanted: WantedTags, scope: EventScope): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const found = isAlias(name)
      ? scope[ALIASES[name]]
      : scope.tags && Object.hasOwn(scope.tags, name)
        ? scope.tags[name]
        : undefined;
    if (found === undefined) return false;
    return typeof value === 'string' ? value === found : value.includes(found);
  });
}
