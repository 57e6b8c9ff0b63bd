import fc from 'fast-check';
import { parseRequestUrl } from '../../src/outbound/request-url.js';

const ORIGIN = 'https://hooks.example';

/** Everything RFC 3986 lets stand in a path or a query. */
const LEGAL = "ABCxyz019-._~!$&'()*+,;=:@/";

describe('a stored URL is called as it was stored', () => {
  it.each([
    '/a/../b/./c//d/',
    '/%2e%2e/%7Euser/%7euser',
    '/it%27s?it=it\'s&q="'.replace('"', ''),
    `/${LEGAL}?${LEGAL}?/`,
    '/a;v=1/b,c?x=a+b%20c&&y=&z',
    '/?',
    '/a|b^[c]?{id}|`^',
    '/%zz%?%',
  ])('with the target %s', (target) => {
    expect(parseRequestUrl(ORIGIN + target)).toEqual({
      ...{ url: ORIGIN + target, target, host: 'hooks.example', hostname: 'hooks.example' },
      ...{ port: 443, secure: true },
    });
  });

  it.each([
    ['https://hooks.example', '/'],
    ['https://hooks.example?a=b', '/?a=b'],
    ['https://hooks.example:8443?', '/?'],
  ])('with an empty path, %s, which goes as "/"', (url, target) => {
    expect(parseRequestUrl(url)).toMatchObject({ url, target });
  });

  it.each([
    ['HTTP://Hooks.Example:80/a', 'Hooks.Example:80', 'hooks.example', 80],
    ['https://hooks.example:443/a', 'hooks.example:443', 'hooks.example', 443],
    ['http://127.0.0.1:3000/a', '127.0.0.1:3000', '127.0.0.1', 3000],
    ['http://[::1]:3000/a', '[::1]:3000', '::1', 3000],
    ['https://[2606:4700::ABCD]/a', '[2606:4700::ABCD]', '2606:4700::abcd', 443],
  ])('to the host of %s', (url, host, hostname, port) => {
    expect(parseRequestUrl(url)).toMatchObject({ url, host, hostname, port });
  });

  it('whatever legal characters it has', () => {
    const text = fc.string({ unit: fc.constantFrom(...LEGAL, '%41', '%c3%BC'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, (path, query) => {
        const url = `${ORIGIN}/${path}?${query}`;
        expect(parseRequestUrl(url)).toMatchObject({ url, target: `/${path}?${query}` });
      }),
    );
  });
});

describe('what may not be sent is encoded, and nothing else', () => {
  it.each([
    ['https://hooks.example/é/../ü?q=ö', 'https://hooks.example/%C3%A9/../%C3%BC?q=%C3%B6'],
    ['https://hooks.example/{id}/"x"/<y>', 'https://hooks.example/%7Bid%7D/%22x%22/%3Cy%3E'],
    ['https://hooks.example/😀?\ud800', 'https://hooks.example/%F0%9F%98%80?%EF%BF%BD'],
    ['https://bücher.example/a/../b', 'https://xn--bcher-kva.example/a/../b'],
    ['https://hooks.example:0443/a', 'https://hooks.example/a'],
    ['http://0x7f.1/a', 'http://127.0.0.1/a'],
  ])('%s', (stored, sent) => {
    expect(parseRequestUrl(stored)?.url).toBe(sent);
  });

  it('so that no URL breaks out of the request line', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r\n', ' ', '\t', '\0', '\\', '\x7f'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const found = parseRequestUrl(`https://hooks.example/${parts.join('')}`);
        if (found !== null) expect(`${found.host}${found.target}`).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 500 },
    );
  });
});

it('a URL that is none of HTTP has no way to be called', () => {
  for (const url of ['nonsense', 'ftp://127.0.0.1/', 'file:///etc/passwd', 'https://']) {
    expect(parseRequestUrl(url)).toBeNull();
  }
});
