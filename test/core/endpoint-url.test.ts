import fc from 'fast-check';
import { compileAllowList } from '../../src/lib/ip-address.js';
import { checkEndpointUrl, type UrlRules } from '../../src/core/endpoint-url.js';

const STRICT: UrlRules = { allowHttp: false, allowTargets: [] };
const LOCAL: UrlRules = { allowHttp: true, allowTargets: ['127.0.0.1/32'] };
const NETWORK: UrlRules = { allowHttp: true, allowTargets: compileAllowList(['10.0.0.0/8']) };

function codes(url: string, rules = STRICT): string[] {
  return checkEndpointUrl(url, rules).map((issue) => issue.code);
}

describe('an endpoint URL is fine', () => {
  it.each([
    'https://example.com',
    'https://example.com/hooks?a=b&c=%20',
    'HTTPS://Example.COM:8443/hooks',
    'https://hooks.example.test/',
    'https://a-b.under_score.example/',
    'https://bücher.example/pfad/ü',
    'https://xn--bcher-kva.example/',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]/',
    'https://[2606:4700::ABCD]:8443/',
    'https://nowhere.invalid/',
    `https://example.com/${'a'.repeat(2000)}`,
  ])('%s', (url) => {
    expect(checkEndpointUrl(url, STRICT)).toEqual([]);
  });

  it.each([
    'http://example.com/',
    'http://127.0.0.1:3000/hook',
    'http://localhost:3000/hook',
    'https://app.localhost/',
    'http://127.0.0.1:6379/',
    'http://localhost:5432/',
  ])('where the operator allows plain HTTP and the machine itself: %s', (url) => {
    expect(checkEndpointUrl(url, LOCAL)).toEqual([]);
  });

  it.each([
    'http://10.1.2.3/',
    'http://receiver:3000/',
    'http://web.prod.svc.cluster.local/',
    'http://a.internal:9200/',
  ])('where the operator allows a private network: %s', (url) => {
    expect(checkEndpointUrl(url, NETWORK)).toEqual([]);
  });
});

describe('an endpoint URL is refused', () => {
  it.each([
    ['', 'invalid_url'],
    ['example.com', 'invalid_url'],
    ['https://example.com:0/hooks', 'invalid_url'],
    ['/hooks', 'invalid_url'],
    ['https:example.com', 'invalid_url'],
    ['https:/example.com', 'invalid_url'],
    ['https:///example.com', 'invalid_url'],
    ['https://', 'invalid_url'],
    ['https://?x', 'invalid_url'],
    ['https://:443/', 'invalid_url'],
    ['https://example.com:99999/', 'invalid_url'],
    ['https://exa mple.com/', 'invalid_url'],
    [' https://example.com/', 'invalid_url'],
    ['https://example.com/a\nb', 'invalid_url'],
    ['https://example.com/a\tb', 'invalid_url'],
    ['https://example.com\\@evil.example/', 'invalid_url'],
    ['https://exam\u00adple.com/', 'invalid_url'],
    ['https://exam\u200bple.com/', 'invalid_url'],
    ['https://example.com\u3000/', 'invalid_url'],
    ['https://user:pass@example.com/', 'invalid_url'],
    ['https://user@example.com/', 'invalid_url'],
    ['https://@example.com/', 'invalid_url'],
    ['https://example.com/#part', 'invalid_url'],
    ['https://example.com/#', 'invalid_url'],
    ['https://example.com./', 'invalid_url'],
    ['https://ex%61mple.com/', 'invalid_url'],
    ['https://exa*mple.com/', 'invalid_url'],
    ['https://-example.com/', 'invalid_url'],
    ['https://example..com/', 'invalid_url'],
    [`https://${'a'.repeat(64)}.com/`, 'invalid_url'],
    [`https://${'abcdefgh.'.repeat(30)}com/`, 'invalid_url'],
    ['https://[fe80::1%25eth0]/', 'invalid_url'],
    [`https://example.com/${'a'.repeat(2048)}`, 'url_too_long'],
    ['http://example.com/', 'invalid_scheme'],
    ['ftp://example.com/', 'invalid_scheme'],
    ['file:///etc/passwd', 'invalid_url'],
    ['javascript://example.com/%0aalert(1)', 'invalid_scheme'],
    ['gopher://127.0.0.1:6379/_x', 'invalid_scheme'],
  ])('%j', (url, code) => {
    expect(codes(url)).toEqual([code]);
  });

  it.each([
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0.0.0.0/',
    'https://100.64.0.1/',
    'https://192.0.2.1/',
    'https://255.255.255.255/',
    'https://168.63.129.16/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fd00:ec2::254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://localhost/',
    'https://LOCALHOST:8080/',
    'https://a.localhost/',
    'https://intranet/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://router.lan/',
    'https://nas.home/',
    'https://x.home.arpa/',
    'https://x.corp/',
    'https://x.localdomain/',
    'https://x.intranet/',
  ])('because it leads inwards: %s', (url) => {
    expect(codes(url)).toEqual(['blocked_address']);
  });

  it.each([
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://1.1/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:7f00:1]/',
  ])('because it hides an address: %s', (url) => {
    expect(codes(url)).not.toEqual([]);
  });

  it('gives the same answer for every inner place', () => {
    const messages = [
      'https://10.0.0.1/',
      'https://localhost/',
      'https://db.internal/',
      'https://169.254.169.254/',
    ]
      .flatMap((url) => checkEndpointUrl(url, STRICT))
      .map((issue) => issue.message);
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toContain('POSTHORN_ALLOW_TARGETS');
  });

  it.each([22, 25, 53, 2375, 3306, 5432, 6379, 6443, 9200, 10250, 11211, 27017])(
    'because port %i takes orders, not webhooks',
    (port) => {
      expect(codes(`https://example.com:${port}/`)).toEqual(['blocked_port']);
      expect(codes(`http://1.1.1.1:${port}/`, LOCAL)).toEqual(['blocked_port']);
    },
  );

  it.each([
    ['http://10.0.0.1/', LOCAL],
    ['http://127.0.0.2/', LOCAL],
    ['http://db.internal/', LOCAL],
    ['http://intranet/', LOCAL],
    ['http://localhost/', NETWORK],
    ['http://192.168.0.1/', NETWORK],
    ['http://169.254.169.254/', { allowHttp: true, allowTargets: ['0.0.0.0/0'] }],
  ])('although something else is allowed: %s', (url, rules) => {
    expect(codes(url, rules)).toEqual(['blocked_address']);
  });

  it('for everything that is wrong with it at once', () => {
    expect(codes('http://user@10.0.0.1/#x').sort()).toEqual([
      'blocked_address',
      'invalid_scheme',
      'invalid_url',
      'invalid_url',
    ]);
  });
});

describe('checking a URL', () => {
  it('never throws, and never passes an IPv4 address of the private ranges in any number form', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(checkEndpointUrl(text, STRICT))).toBe(true);
      }),
    );
    const form = fc.constantFrom(
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
    );
    const inner = fc.integer({ min: 0x0a000000, max: 0x0affffff });
    fc.assert(
      fc.property(inner, form, (address, write) => {
        const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
        expect(codes(`https://${write(address)}/`)).not.toEqual([]);
        expect(codes(`https://${bytes.map(write).join('.')}/`)).not.toEqual([]);
      }),
    );
  });
});
