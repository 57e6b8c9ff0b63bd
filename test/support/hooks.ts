import { newUuid } from '../../src/core/ids.js';
import type { StoredEvent } from '../../src/core/domain-types.js';
import type { Hook, RenderInput } from '../../src/profiles/profile.js';

/** A subscription to a whole space, without options. */
export const HOOK: Hook = {
  id: '0191e8a0-7b2c-7d3e-8f40-000000000001',
  providerId: null,
  scope: { level: 'space', clientId: null, campaignId: null },
  options: {},
};

/** What a profile renders for an event that needs no translation. */
export function rendering(event: StoredEvent, more: Partial<RenderInput> = {}): RenderInput {
  const { type, data } = event;
  return { event, type, data, deliveryId: newUuid(0), hook: HOOK, secret: null, ...more };
}
