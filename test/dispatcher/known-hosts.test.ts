import type { Settings } from '../../src/config/settings.js';
import type { FinishedAttempt } from '../../src/dispatcher/attempt/finish-attempt.js';
import { KnownHosts } from '../../src/dispatcher/attempt/known-hosts.js';

const settings = { publicUrl: 'https://posthorn.test' } as Settings;

function attempt(subscriptionId: string, url: string): FinishedAttempt {
  const ready = { delivery: { spaceId: 'space', subscriptionId }, endpoint: { url } };
  return { ready, record: { connectMs: 1, totalMs: 1 } } as unknown as FinishedAttempt;
}

describe('known hosts', () => {
  it('are one for all endpoints of a space on an origin, as long as any of them uses it', () => {
    const hosts = new KnownHosts(settings);
    hosts.recordResponse(attempt('one', 'https://a.test/1'), 10);
    hosts.recordResponse(attempt('two', 'https://a.test/2'), 20);
    expect([...hosts.healthyHosts(20)]).toHaveLength(1);
    hosts.recordResponse(attempt('one', 'https://b.test/'), 30);
    expect([...hosts.healthyHosts(30)].map(({ origin }) => origin)).toEqual([
      'https://a.test',
      'https://b.test',
    ]);
    hosts.recordResponse(attempt('two', 'https://b.test/other'), 40);
    expect([...hosts.healthyHosts(40)].map(({ origin }) => origin)).toEqual(['https://b.test']);
  });

  it('are forgotten one by one beyond the limit, the least recently used first', () => {
    const hosts = new KnownHosts(settings);
    const urlOf = (index: number): string => `https://${index}.test/`;
    for (let index = 0; index < 20_000; index += 1)
      hosts.recordResponse(attempt(`${index}`, urlOf(index)), 1);
    hosts.recordResponse(attempt('0', urlOf(0)), 2);
    hosts.recordResponse(attempt('new', 'https://new.test/'), 3);
    expect([...hosts.healthyHosts(3)]).toHaveLength(20_000);
    expect(hosts.find(attempt('0', urlOf(0)).ready)?.answeredAt).toBe(2);
    expect(hosts.find(attempt('1', urlOf(1)).ready)).toBeUndefined();
    expect(hosts.find(attempt('new', 'https://new.test/').ready)?.answeredAt).toBe(3);
  });
});
