import {
  areEnough,
  isOutage,
  sampleHosts,
  type KnownHost,
  type HostCheck,
  restBeforeCheck,
} from '../../src/core/network-outage.js';

/** `a--b+`: of space a two hosts are out of reach, of space b one is reached. */
function seen(text: string): HostCheck[] {
  const sightings: HostCheck[] = [];
  let spaceId = '';
  for (const sign of text) {
    if (sign === '+' || sign === '-') sightings.push({ spaceId, reached: sign === '+' });
    else spaceId = sign;
  }
  return sightings;
}

describe('our own network', () => {
  it.each([
    ['all of three hosts', 'a---', true],
    ['three of four', 'a---+', true],
    ['all of eight', 'a-b-c-d-e-f-g-h-', true],
    ['six of eight in as many spaces', 'a-b-c-d-e-f-g+h+', true],
    ['most of each space', 'a---+b---+', true],
  ])('is out when %s cannot be reached: %s', (_what, text, expected) => {
    expect(isOutage(seen(text))).toBe(expected);
  });

  it.each([
    ['nothing was seen', '', false],
    ['one host, all there is, is down', 'a-', false],
    ['two hosts, all there are, are down', 'a--', false],
    ['two of three are down', 'a--+', false],
    ['half of eight are down', 'a----++++', false],
    ['five of eight are down', 'a-----+++', false],
    ['all are well', 'a+b+c+', false],
    ['one tenant registered many hosts that died, beside one with a healthy host', 'a-------b+', false],
    ['one tenant of three has all the dead ones', 'a------b+c+', false],
    ['two tenants of four have the dead ones', 'a---b---c+d+', false],
  ])('is not out when %s: %s', (_what, text, expected) => {
    expect(isOutage(seen(text))).toBe(expected);
  });
});

describe('the only two hosts', () => {
  const lost = (...hostnames: string[]) =>
    hostnames.map((hostname) => ({ spaceId: 'a', reached: false, hostname }));
  const known = (...origins: string[]) => origins.map((origin) => ({ spaceId: 'a', origin, answeredAt: 1 }));

  it('tell of an outage when both are lost and have different names, for five minutes', () => {
    expect(isOutage(lost('a.example', 'b.example'))).toBe(true);
    expect(isOutage(lost('a.example', 'b.example'), 299_000)).toBe(true);
    expect(isOutage(lost('a.example', 'b.example'), 300_000)).toBe(false);
    expect(isOutage(lost('a.example', 'a.example'))).toBe(false);
    expect(isOutage([...lost('a.example'), { spaceId: 'a', reached: true, hostname: 'b.example' }])).toBe(
      false,
    );
    expect(isOutage(lost('a.example'))).toBe(false);
  });

  it('are enough with different names, as three are with any', () => {
    expect(areEnough(known('https://a.example', 'https://b.example'))).toBe(true);
    expect(areEnough(known('https://a.example', 'https://a.example:8443'))).toBe(false);
    expect(areEnough(known('https://a.example', 'https://a.example:8443', 'https://a.example:9443'))).toBe(
      true,
    );
    expect(areEnough(known('https://a.example'))).toBe(false);
  });

  it('are told from three without a look at the others, which may be ten thousands', () => {
    let asked = 0;
    function* many(): Iterable<KnownHost> {
      while (asked < 10_000) {
        asked += 1;
        yield { spaceId: 'a', origin: `https://${asked}.example`, answeredAt: asked };
      }
    }
    expect(areEnough(many())).toBe(true);
    expect(asked).toBe(3);
  });
});

describe('the hosts looked at', () => {
  const host = (spaceId: string, n: number, answeredAt = n): KnownHost => ({
    spaceId,
    origin: `https://${spaceId}${n}.example`,
    answeredAt,
  });
  const many = (spaceId: string, count: number) => Array.from({ length: count }, (_, n) => host(spaceId, n));
  const spacesOf = (hosts: KnownHost[]) => hosts.map(({ spaceId }) => spaceId).toSorted();

  it('are as many of each space, whoever has how many', () => {
    const hosts = [...many('a', 500), ...many('b', 2), ...many('c', 1)];
    expect(spacesOf(sampleHosts(hosts, 8))).toEqual(['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c']);
    expect(spacesOf(sampleHosts(hosts, 3))).toEqual(['a', 'b', 'c']);
  });

  it('are those that answered last', () => {
    const hosts = [host('a', 1, 100), host('a', 2, 300), host('a', 3, 200)];
    expect(sampleHosts(hosts, 2).map(({ answeredAt }) => answeredAt)).toEqual([300, 200]);
  });

  it('count once, however many spaces share one', () => {
    const shared = { ...host('a', 1), spaceId: 'b' };
    expect(sampleHosts([host('a', 1), shared, host('c', 1)], 8)).toHaveLength(2);
  });

  it('are none where none is known', () => {
    expect(sampleHosts([], 8)).toEqual([]);
  });
});

it('the waits between checks of an outage grow from half a second to five seconds', () => {
  const waits = [restBeforeCheck()];
  for (let n = 0; n < 8; n += 1) waits.push(restBeforeCheck(waits.at(-1)));
  expect(waits.slice(0, 3)).toEqual([500, 750, 1_125]);
  expect(waits.slice(6)).toEqual([5_000, 5_000, 5_000]);
});
