import { publicId } from '../core/ids.js';
import type { PublishedEvent } from './draft.js';
import type { PublishedView } from './event.dto.js';

/** The result of a published event, as the API shows it. */
export function toPublishedView({ id, ...rest }: PublishedEvent): PublishedView {
  return { id: publicId('evt', id), ...rest };
}
