import type { ScopeLevel } from '../core/domain-types.js';
import type { Issue } from '../core/errors.js';
import { MAX_TAG_VALUE, MAX_TAG_VALUES, MAX_TAGS, TAG_NAME_FORM, type WantedTags } from '../core/tags.js';
import type { ScopeInput } from './scope.dto.js';

/** Which field each level has. */
const FIELD_OF = { space: null, client: 'clientId', campaign: 'campaignId', tags: 'tags' } as const;
const NAME = new RegExp(TAG_NAME_FORM);

/** The level that a checked scope has. */
export function levelOf({ level, tags }: ScopeInput): ScopeLevel {
  return level ?? (tags ? 'tags' : 'space');
}

/** What is wrong with a scope. `hasTags`: whether subscriptions of the profile may ask for tags. */
export function checkScope(scope: ScopeInput, hasTags: boolean): Issue[] {
  const { level, tags } = scope;
  if (level === undefined && tags === undefined) {
    const message = 'Is required without "tags": "space", "client", "campaign" or "tags".';
    return [{ path: 'scope.level', code: 'required', message }];
  }
  if (tags !== undefined && !hasTags) {
    const message =
      'Only subscriptions of the native profile have tags. Use the level "client" or "campaign".';
    return [{ path: 'scope.tags', code: 'not_in_profile', message }];
  }
  const known = levelOf(scope);
  const wanted = FIELD_OF[known];
  const issues = (['clientId', 'campaignId', 'tags'] as const).flatMap((field): Issue[] => {
    const path = `scope.${field}`;
    if (field === wanted && !scope[field])
      return [{ path, code: 'required', message: `Is required with level "${known}".` }];
    if (field !== wanted && scope[field] !== undefined)
      return [{ path, code: 'not_allowed', message: `Leave it out with level "${known}".` }];
    return [];
  });
  return tags ? [...issues, ...checkTags(tags)] : issues;
}

function checkTags(tags: WantedTags): Issue[] {
  const entries = Object.entries(tags);
  if (entries.length === 0 || entries.length > MAX_TAGS) {
    const message = `Name 1 to ${MAX_TAGS} tags, such as {"client": "acme"}.`;
    return [{ path: 'scope.tags', code: 'tags', message }];
  }
  return entries.flatMap(([name, value]: [string, unknown]): Issue[] => {
    const path = `scope.tags.${name.slice(0, 64)}`;
    if (!NAME.test(name)) {
      const message =
        'Begin the name of a tag with a letter; then up to 63 letters, digits, "_", "." and "-".';
      return [{ path, code: 'tag_name', message }];
    }
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length > 0 && values.length <= MAX_TAG_VALUES && values.every(isValue)) return [];
    const message = `Use a text of 1 to ${MAX_TAG_VALUE} characters, or a list of 1 to ${MAX_TAG_VALUES} of them.`;
    return [{ path, code: 'tag_value', message }];
  });
}

function isValue(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length > 0 && value.length <= MAX_TAG_VALUE && !value.includes('\0')
  );
}
