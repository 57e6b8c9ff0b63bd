import type { OpenAPIObject } from '@nestjs/swagger';

type Examples = Record<string, { summary: string; value: unknown }>;

const one = (summary: string, value: unknown): Examples => ({ example: { summary, value } });

const LEAD = { type: 'lead.create', data: { id: 'l_1', email: 'ann@example.com' } };

/** Requests as one would send them, by method and path. A test compares each with its schema. */
export const REQUEST_EXAMPLES: Record<string, Examples> = {
  'post /v1/spaces': one('A customer', { name: 'Acme Ltd', uid: 'acme', tags: ['beta'] }),
  'patch /v1/spaces/{space}': {
    limits: { summary: 'More endpoints', value: { limits: { subscriptions: 5_000 } } },
    retention: { summary: 'Bodies for a week', value: { retention: { bodiesDays: 7 } } },
  },
  'post /v1/spaces/{space}/keys': one('For a publisher', { name: 'production publisher', scope: 'publish' }),
  'post /v1/spaces/{space}/subscriptions': {
    usual: {
      summary: 'An endpoint for some events',
      value: { url: 'https://example.com/hooks', events: ['lead.*', 'campaign.create'], uid: 'crm' },
    },
    filtered: {
      summary: 'Only what a filter lets through, at most ten a second',
      value: {
        url: 'https://example.com/large-deals',
        events: ['lead.status.update'],
        filter: { value: { gte: 10_000 } },
        rateLimit: { perSecond: 10 },
      },
    },
  },
  'patch /v1/spaces/{space}/subscriptions/{sub}': one('Another URL', { url: 'https://example.com/new' }),
  'post /v1/spaces/{space}/events': {
    one: { summary: 'One event', value: { ...LEAD, id: 'signup-1' } },
    several: {
      summary: 'Several: all are stored, or none',
      value: [
        { ...LEAD, id: 'signup-1' },
        { type: 'lead.update', data: { id: 'l_1', email: 'ann@example.org' }, id: 'change-7' },
      ],
    },
    later: {
      summary: 'Delivered at a later time',
      value: { ...LEAD, id: 'reminder-1', deliverAt: '2030-01-31T09:30:00.000Z' },
    },
  },
  'post /v1/spaces/{space}/subscriptions/{sub}/test': one('The example of a type', { type: 'lead.create' }),
  'post /v1/spaces/{space}/subscriptions/{sub}/replay': {
    count: {
      summary: 'How many were missed',
      value: { since: '2026-11-01T00:00:00Z', statuses: ['failed'], dryRun: true },
    },
    send: {
      summary: 'Send what was missed',
      value: { since: '2026-11-01T00:00:00Z', statuses: ['failed'] },
    },
  },
  'post /v1/spaces/{space}/deliveries/retry': one('All that failed at one endpoint', {
    subscription: 'crm',
    status: 'failed',
  }),
  'post /v1/spaces/{space}/portal-links': one('For an hour, to look and change', {
    scope: 'manage',
    expiresInSeconds: 3_600,
  }),
  'post /v1/broadcasts': one('To all spaces with a tag', { tag: 'beta', event: { ...LEAD, id: 'notice-1' } }),
};

/** Puts the examples where readers look for them. */
export function addExamples(paths: OpenAPIObject['paths']): void {
  for (const [name, examples] of Object.entries(REQUEST_EXAMPLES)) {
    const [method = '', path = ''] = name.split(' ');
    const operation = paths[path]?.[method as 'post' | 'patch'];
    const request = operation?.requestBody;
    const content = request && 'content' in request ? request.content['application/json'] : undefined;
    if (content) content.examples = examples;
  }
}
