import type { Issue } from './errors.js';
import { nearestName } from '../lib/nearest-name.js';

/** Wrong patterns for which the nearest name is suggested: a space may have thousands of names to compare. */
const MOST_HINTS = 5;

/**
 * Compiles patterns into one function. A pattern is an event type's exact name, `prefix.*` (everything below the
 * prefix at any depth, not the prefix itself), or `*`. Call it once per subscription, not once per event.
 */
export function compilePatterns(patterns: readonly string[]): (type: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const names = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    if (pattern.endsWith('.*')) prefixes.push(pattern.slice(0, -1));
    else names.add(pattern);
  }
  return (type) => names.has(type) || prefixes.some((prefix) => type.startsWith(prefix));
}

/**
 * What is wrong with a subscription's `events`: a name that is not in `known`, or a pattern that matches none of
 * them. Empty when nothing is.
 */
export function parsePatterns(patterns: readonly string[], known: Iterable<string>): Issue[] {
  const names = [...new Set(known)];
  const issues: Issue[] = [];
  patterns.forEach((pattern, index) => {
    const matches = compilePatterns([pattern]);
    if (pattern === '*' || (!isMisplacedStar(pattern) && names.some(matches))) return;
    const message = explain(pattern, issues.length < MOST_HINTS ? names : []);
    issues.push({ path: `events[${index}]`, code: 'unknown_event_type', message });
  });
  return issues;
}

function isMisplacedStar(pattern: string): boolean {
  return pattern.replace(/\.\*$/, '').includes('*');
}

function explain(pattern: string, names: string[]): string {
  if (isMisplacedStar(pattern)) {
    return `"${pattern}" is no pattern. Use an exact name, "prefix.*" for everything below a prefix, or "*" for all.`;
  }
  const wildcard = pattern.endsWith('.*');
  const meant = wildcard ? nearestName(pattern.slice(0, -2), prefixesOf(names)) : nearestName(pattern, names);
  const hint =
    meant === null
      ? 'The list of event types shows the names.'
      : `Did you mean "${meant}${wildcard ? '.*' : ''}"?`;
  return `${wildcard ? `No event type matches "${pattern}".` : `There is no event type "${pattern}".`} ${hint}`;
}

function prefixesOf(names: string[]): Set<string> {
  const prefixes = new Set<string>();
  for (const name of names) {
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
      prefixes.add(name.slice(0, dot));
  }
  return prefixes;
}
