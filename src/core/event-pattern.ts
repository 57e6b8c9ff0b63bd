import type { Issue } from './errors.js';
import { nearestName } from '../lib/nearest-name.js';
import { MOST_HINTS } from './unknown-type.js';

/** What ends a segment of a name. */
const SEPARATORS = /[.:]/g;
/** A pattern for everything below a prefix. */
const WILDCARD = /[.:]\*$/;

/**
 * Compiles patterns into one function. A pattern is an event type's exact name, `prefix.*` or `prefix:*` (everything
 * below the prefix at any depth, not the prefix itself), or `*`. Call it once per subscription, not once per event.
 */
export function compilePatterns(patterns: readonly string[]): (type: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const names = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    if (WILDCARD.test(pattern)) prefixes.push(pattern.slice(0, -1));
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

/** What is wrong with patterns whatever they match: a star that neither stands alone nor ends one. */
export function misplacedStars(patterns: readonly string[], field: string): Issue[] {
  return patterns.flatMap((pattern, index) =>
    pattern !== '*' && isMisplacedStar(pattern)
      ? [{ path: `${field}[${index}]`, code: 'pattern', message: explain(pattern, []) }]
      : [],
  );
}

function isMisplacedStar(pattern: string): boolean {
  return pattern.replace(WILDCARD, '').includes('*');
}

function explain(pattern: string, names: string[]): string {
  if (isMisplacedStar(pattern)) {
    return (
      `"${pattern}" is not a pattern. Use an exact name, "prefix.*" or "prefix:*" for everything below ` +
      'a prefix, or "*" for all.'
    );
  }
  const wildcard = WILDCARD.exec(pattern)?.[0] ?? '';
  const prefix = pattern.slice(0, pattern.length - wildcard.length);
  const meant = wildcard ? nearestPrefix(prefix, wildcard, names) : nearestName(pattern, names);
  const hint = meant === null ? 'The list of event types shows the names.' : `Did you mean "${meant}"?`;
  return `${wildcard ? `No event type matches "${pattern}".` : `There is no event type "${pattern}".`} ${hint}`;
}

/** The pattern that was meant; the other separator is a likely mistake. */
function nearestPrefix(prefix: string, wildcard: string, names: string[]): string | null {
  const other = wildcard === '.*' ? ':*' : '.*';
  const prefixes = prefixesOf(names);
  if (prefixes.has(prefix)) return prefix + other;
  const meant = nearestName(prefix, prefixes.keys());
  if (meant === null) return null;
  return `${meant}${prefixes.get(meant)}*`;
}

/** What names begin with, up to a separator, and the separator. */
function prefixesOf(names: string[]): Map<string, string> {
  const prefixes = new Map<string, string>();
  for (const name of names) {
    for (const { index, 0: separator } of name.matchAll(SEPARATORS))
      prefixes.set(name.slice(0, index), separator);
  }
  return prefixes;
}
