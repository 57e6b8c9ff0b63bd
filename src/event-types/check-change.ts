import { Conflict, type Issue } from '../core/errors.js';
import { incompatibilities } from '../core/schema-compatibility.js';
import type { StoredVersions } from '../core/type-versions.js';

/** What of a stored event type its publishers and receivers rely on. */
export interface Contract {
  schema: object;
  versions: StoredVersions | null;
}

const WHOM = {
  publishers: 'Existing publishers would be rejected.',
  receivers: 'Receivers may rely on it.',
};

/**
 * In what a new definition breaks those who rely on the present one, in any version that is no draft. Paths are those
 * of the definition, and go on with the place in the data: `versions.2.schema.lead.email`.
 */
export function breakingChanges(before: Contract, after: Contract): Issue[] {
  const issues = issuesOf(before.schema, after.schema, 'schema');
  for (const [n, old] of Object.entries(before.versions ?? {})) {
    if (old.draft) continue;
    const at = `versions.${n}`;
    const now = after.versions?.[n];
    if (!now)
      issues.push(
        issue(at, 'It was removed. Subscriptions may be pinned to it, and publishers may name it.'),
      );
    else if (now.draft) issues.push(issue(`${at}.draft`, 'It is published and cannot become a draft again.'));
    else issues.push(...issuesOf(old.schema, now.schema, `${at}.schema`));
  }
  return issues;
}

function issuesOf(before: object, after: object, at: string): Issue[] {
  return incompatibilities(before, after).map(({ place, breaks, why }) =>
    issue(`${at}${place}`, `${place === '' ? 'The data' : 'It'} ${why}. ${WHOM[breaks]}`),
  );
}

function issue(path: string, message: string): Issue {
  return { path, code: 'incompatible_change', message };
}

/** The error for changes that break somebody. */
export function incompatible(issues: Issue[]): Conflict {
  const first = issues.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
  const more = issues.length > 3 ? ` And ${issues.length - 3} more.` : '';
  return new Conflict(
    'incompatible_change',
    `The change breaks publishers or receivers. ${first.join(' ')}${more} Define it as a new version ` +
      '("versions": {"2": …}), or repeat this with "force" if nobody relies on it.',
    issues.slice(0, 100),
  );
}
