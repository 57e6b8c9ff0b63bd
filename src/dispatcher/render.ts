import { profileOf } from '../profiles/registry.js';
import type { ReadyDelivery } from './claim.js';

/** The body: rendered, signed and sent as these bytes, and the same bytes on every retry. */
export function render({ endpoint, event }: ReadyDelivery): Buffer {
  return profileOf(endpoint.profile).render(event);
}
