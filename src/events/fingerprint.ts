import { createHash } from 'node:crypto';
import { canonicalJson, comparableJson } from '../lib/canonical-json.js';
import type { EventDraft } from './draft.js';

/** The same for two publishes of the same event, whatever the spacing and key order of their JSON. */
export function fingerprint(draft: EventDraft): Buffer {
  const { type, occurredAt, scope, text, data, expiry, subjectId, deliverAt, version } = draft;
  return createHash('sha256')
    .update(
      canonicalJson([
        type,
        occurredAt?.toISOString() ?? null,
        scope,
        comparableJson(text, data),
        // Nothing for the others, whose fingerprints are as they have always been.
        ...(expiry === undefined ? [] : [typeof expiry === 'number' ? expiry : expiry.toISOString()]),
        ...(subjectId === undefined ? [] : [{ subjectId }]),
        ...(deliverAt === undefined ? [] : [{ deliverAt: deliverAt.toISOString() }]),
        ...(version === undefined ? [] : [{ version }]),
      ]),
    )
    .digest();
}
