import { setImmediate } from 'node:timers/promises';
import { Conflict, type Issue } from '../core/errors.js';
import { comparing } from '../core/schema-compatibility.js';
import type { StoredVersions } from '../core/type-versions.js';

/** What of a stored event type its publishers and receivers rely on. */
export interface Contract {
  schema: object;
  versions: StoredVersions | null;
}

const TURN_MS = 1;

const WHOM = {
  publishers: 'Existing publishers would be rejected.',
  receivers: 'Receivers may rely on it.',
};

/**
 * In what a new definition breaks those who rely on the present one, in any version that is no draft. Paths are those
 * of the definition, and go on with the place in the data: `versions.2.schema.lead.email`.
 */
export async function breakingChanges(before: Contract, after: Contract): Promise<Issue[]> {
  const issues = await issuesOf(before.schema, after.schema, 'schema');
  for (const [n, old] of Object.entries(before.versions ?? {})) {
    if (old.draft) continue;
    const at = `versions.${n}`;
    const now = after.versions?.[n];
    if (!now)
      issues.push(
        issue(at, 'It was removed. Subscriptions may be pinned to it, and publishers may name it.'),
      );
    else if (now.draft) issues.push(issue(`${at}.draft`, 'It is published and cannot become a draft again.'));
    else issues.push(...(await issuesOf(old.schema, now.schema, `${at}.schema`)));
  }
  return issues;
}

async function issuesOf(before: object, after: object, at: string): Promise<Issue[]> {
  const found = await inTurns(comparing(before, after));
  return found.map(({ place, breaks, why }) =>
    issue(`${at}${place}`, `${place === '' ? 'The data' : 'It'} ${why}. ${WHOM[breaks]}`),
  );
}

function issue(path: string, message: string): Issue {
  return { path, code: 'incompatible_change', message };
}

/** Runs the steps, and lets others have the event loop after each millisecond. */
async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  let until = performance.now() + TURN_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + TURN_MS;
  }
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
