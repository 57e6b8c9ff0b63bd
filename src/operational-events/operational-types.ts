import type { EventTypeDefinition } from '../event-types/definition.js';

const FAMILY = 'Posthorn';

/** What each of them says, for people and for programs. */
const about = (summary: string) => ({
  summary: `Acme: https://hooks.acme.example/posthorn ${summary}`,
  space: { id: 'spc_019a52f70c8a7b3e9d41c2f5e6a7b801', uid: 'acme', name: 'Acme' },
  subscription: {
    id: 'sub_019a52f70c8a7b3e9d41c2f5e6a7b802',
    uid: null,
    url: 'https://hooks.acme.example/posthorn',
    description: 'CRM',
  },
});

/** The operational events by type, as they are defined in the space that gets them. */
export const OPERATIONAL_TYPES = {
  'posthorn.subscription.paused': {
    family: FAMILY,
    description:
      'Posthorn has paused a subscription. What it misses is held. ' +
      'With the reason `failures` its endpoint is probed from time to time.',
    example: {
      ...about('is paused after 10 failures within 42 s, next probe at 14:05:10 UTC'),
      reason: 'failures',
      detail: 'paused after 10 failures within 42 s, next probe at 14:05:10 UTC',
      failureCount: 10,
      firstFailureAt: '2026-01-31T14:04:18.000Z',
      pausedAt: '2026-01-31T14:05:00.000Z',
      nextProbeAt: '2026-01-31T14:05:10.000Z',
      lastAttempt: { statusCode: 503, errorCode: 'http_503', at: '2026-01-31T14:05:00.000Z' },
    },
  },
  'posthorn.subscription.recovered': {
    family: FAMILY,
    description: 'The endpoint of a paused subscription has responded well. What was held is being sent.',
    example: {
      ...about('has recovered; what was held is being sent'),
      pausedAt: '2026-01-31T14:05:00.000Z',
      recoveredAt: '2026-01-31T14:35:12.000Z',
    },
  },
  'posthorn.subscription.lost_deliveries': {
    family: FAMILY,
    description:
      'An endpoint has recovered, after deliveries had failed for good. ' +
      'A replay with `{"lost": true}` sends exactly these again.',
    example: {
      ...about('has recovered; 12 deliveries were lost of events since 2026-01-31T08:20:00.000Z'),
      deliveries: 12,
      since: '2026-01-31T08:20:00.000Z',
    },
  },
  'posthorn.subscription.held_expiring': {
    family: FAMILY,
    description:
      'Held deliveries expire within a day. Resume the subscription, or raise its `heldDays`. ' +
      'It comes once a day while that is so.',
    example: { ...about('will lose 310 held deliveries within a day'), deliveries: 310, heldDays: 30 },
  },
  'posthorn.subscription.held_expired': {
    family: FAMILY,
    description: 'Deliveries were held for too long, or were too many, and have expired.',
    example: { ...about('has lost 310 held deliveries'), deliveries: 310 },
  },
  'posthorn.subscription.certificate_expiring': {
    family: FAMILY,
    description:
      'The TLS certificate of an endpoint expires within 14 days, or has expired. ' +
      'It comes once a week while that is so.',
    example: {
      ...about('has a TLS certificate that is valid until 2026-02-12T23:59:59.000Z'),
      validTo: '2026-02-12T23:59:59.000Z',
      seenAt: '2026-01-31T14:00:00.000Z',
    },
  },
} satisfies Record<string, EventTypeDefinition>;

export type OperationalType = keyof typeof OPERATIONAL_TYPES;
