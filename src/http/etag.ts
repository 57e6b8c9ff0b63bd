import { PreconditionFailed } from '../core/errors.js';

/** The entity tag of a stored version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Throws `PreconditionFailed` unless `If-Match` is absent, `*`, or lists the current version's tag. The comparison is
 * the strong one of RFC 9110, so a weak tag (`W/"3"`) never matches.
 */
export function checkIfMatch(header: string | undefined, version: number): void {
  if (header === undefined || header.trim() === '*') return;
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.includes(etagOf(version))) throw new PreconditionFailed();
}
