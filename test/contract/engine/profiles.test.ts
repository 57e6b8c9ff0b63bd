import { profileOf } from '../../../src/profiles/registry.js';

/** What the facts say of each provider: E01, E02, E10 and E11. */
const FACTS = {
  breakcold: { retries: [], after: 10, timeoutMs: 10_000, httpsOnly: false },
  'breakcold-v2': { retries: [5, 30], after: 50, timeoutMs: 10_000, httpsOnly: true },
  lemlist: { retries: 'operator', after: 'operator', timeoutMs: 15_000, httpsOnly: false },
  leadlex: { retries: [5, 30, 300, 3_600, 21_600], after: null, timeoutMs: 10_000, httpsOnly: true },
  smartlead: { retries: [60, 300, 900, 3_600, 21_600], after: 1, timeoutMs: 30_000, httpsOnly: false },
};

describe('the profiles', () => {
  it.each(Object.entries(FACTS))('E01 E02 E10 E11 %s behaves as its provider says', (name, facts) => {
    const { defaults, httpsOnly } = profileOf(name);
    const { retrySchedule, pause, timeoutMs } = defaults;

    expect({ retries: retrySchedule, after: pause.after, timeoutMs, httpsOnly }).toEqual(facts);
    expect(defaults.recovery).toBe('manual');
  });

  it.each(Object.keys(FACTS))('E02 E03 %s counts failed deliveries in a row, never attempts', (name) => {
    expect(profileOf(name).defaults.pause).toMatchObject({ unit: 'delivery', mode: 'consecutive' });
  });

  it.each(Object.keys(FACTS))('E09 %s takes a 2xx for a success and a redirect for a failure', (name) => {
    const { classifyResponse } = profileOf(name);
    // Smartlead's strict flag.
    const others = name === 'smartlead' ? 'failed' : 'delivered';
    expect(classifyResponse(200, {})).toBe('delivered');
    for (const status of [201, 202, 204, 299]) expect(classifyResponse(status, {})).toBe(others);
    for (const status of [300, 301, 302, 307, 308, 400, 404, 410, 500])
      expect(classifyResponse(status, {})).toBe('failed');
  });

  it.each(Object.keys(FACTS))(
    'E12 %s calls its webhooks by their UUID, by a number or by a text of its own',
    (name) => {
      const kinds: Record<string, string> = { lemlist: 'text', smartlead: 'number' };
      expect(profileOf(name).ids.kind).toBe(kinds[name] ?? 'uuid');
    },
  );

  it.each(Object.keys(FACTS))('X08 %s keeps its delays exact, whatever an answer asks for', (name) => {
    expect(profileOf(name).retryPolicy).toEqual({ jitter: false, respectsRetryAfter: false });
  });
});
