import { profileOf } from '../../../src/profiles/registry.js';
import { useStory } from '../../support/story.js';
import { Tenant } from '../../support/tenant.js';

describe("what a provider's API refuses before any route of it is asked", () => {
  const { engine } = useStory();

  /** How each answers an unknown path, a body that is no JSON, and a path that cannot be read. */
  const EXPECTED = {
    lemlist: ['/lemlist/api/hooks', /^Webhook not found$/, /^The .*JSON/],
    smartlead: [
      '/smartlead/api/v1/webhook/create',
      /^\{"error":"Resource not found"\}$/,
      /^\{"error":"The .*JSON/,
    ],
    leadlex: [
      '/leadlex/v1/webhooks',
      /^\{"error":\{"code":"webhook_not_found"/,
      /^\{"error":\{"code":"malformed_json","message":"The .*JSON/,
    ],
  } as const;

  it.each(Object.keys(EXPECTED) as (keyof typeof EXPECTED)[])(
    '%s says it in its own words',
    async (profile) => {
      const [path, unknown, unreadable] = EXPECTED[profile];
      const key = await (await Tenant.create(engine, profile)).key('manage');
      const call = (to: string, init: RequestInit = {}) =>
        fetch(`${engine.url}${to}?api_key=${key}`, {
          ...init,
          headers: {
            'content-type': 'application/json',
            authorization:
              profile === 'lemlist' ? `Basic ${Buffer.from(`:${key}`).toString('base64')}` : `Bearer ${key}`,
          },
        });
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const lost = await call(`${path}/no/such/path`, { method });
        expect([method, lost.status]).toEqual([method, 404]);
        expect(await lost.text()).toMatch(unknown);
      }
      const garbled = await call(path, { method: 'POST', body: '{"url":' });
      expect(garbled.status).toBe(400);
      expect(await garbled.text()).toMatch(unreadable);
      expect((await call(`${path}/%c0`)).headers.get('content-type')).not.toContain('problem');
      // A name that only begins like theirs is ours.
      const ours = await call(`${profileOf(profile).providerApi?.path}x`, { method: 'POST' });
      expect(ours.headers.get('content-type')).toContain('problem');
    },
  );
});
