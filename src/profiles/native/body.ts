import { isoTime } from '../../lib/iso-time.js';
import type { RenderInput } from '../profile.js';

/** The Standard Webhooks body. `data` goes in as the text it was published as: parsing it would lose `1.0`. */
export function render({ event, type, data }: RenderInput): Buffer {
  return Buffer.from(
    `{"type":${JSON.stringify(type)},"timestamp":"${isoTime(event.occurredAt)}","data":${data}}`,
  );
}
