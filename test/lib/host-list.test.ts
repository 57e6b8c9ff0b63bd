import { HostList } from '../../src/lib/host-list.js';

describe('a list of hosts', () => {
  it.each<[entry: string, host: string, has: boolean]>([
    ['example.com', 'example.com', true],
    ['Example.COM', 'eXample.com', true],
    ['example.com', 'a.b.example.com', true],
    ['example.com', 'notexample.com', false],
    ['example.com', 'example.com.evil.test', false],
    ['.example.com', 'example.com', false],
    ['.example.com', 'a.example.com', true],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'example.com', false],
    ['example.com:8443', 'a.example.com', false],
    ['example.com:443', 'a.example.com', true],
    ['receiver', 'receiver', true],
    ['*', 'anything.test', true],
    ['10.0.0.0/8', '10.0.0.1', false],
  ])('%s: has %s: %s', (entry, host, has) => {
    expect(new HostList([entry]).hasHost(host, 443)).toBe(has);
  });

  it('has addresses of its blocks', () => {
    const list = new HostList(['10.0.0.0/8', '192.0.2.7', '[fd00::1]', 'example.com']);
    for (const address of ['10.9.9.9', '192.0.2.7', 'fd00::1', '::ffff:10.0.0.1'])
      expect(list.hasAddress(address)).toBe(true);
    for (const address of ['11.0.0.1', '192.0.2.8', 'fd00::2']) expect(list.hasAddress(address)).toBe(false);
  });

  it.each([
    'a b',
    'http://example.com',
    'example.com/',
    '10.0.0.0/33',
    'example.com:0',
    'a:b',
    '.',
    '*x',
    'ex*.com',
  ])('refuses %j', (entry) => {
    expect(() => new HostList([entry])).toThrow();
  });
});
