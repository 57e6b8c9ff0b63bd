import type { StoredEvent } from '../../core/words.js';

/** The Standard Webhooks body. `data` goes in as the text it was published as: parsing it would lose `1.0`. */
export function render(event: StoredEvent): Buffer {
  const type = JSON.stringify(event.type);
  return Buffer.from(`{"type":${type},"timestamp":"${event.occurredAt.toISOString()}","data":${event.data}}`);
}
