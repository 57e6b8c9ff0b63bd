import { isCrossSite } from '../../src/http/cross-site.js';
import { innerUrl } from '../../src/host/inner-path.js';

describe('the path of a request in a host, as the API inside knows it', () => {
  it.each([
    ['/webhooks', '/webhooks', null],
    ['/webhooks?a=1', '/webhooks', null],
    ['/webhooks/', '/webhooks/*path', '/'],
    ['/webhooks/v1/session?a=/b?c', '/webhooks/*path', '/v1/session?a=/b?c'],
    ['/api/webhooks/v1/x%2fy/../z', '/api/webhooks/*', '/v1/x%2fy/../z'],
    ['/API/%77ebhooks/v1', '/api/webhooks/*path', '/v1'],
    ['/webhooks//v1', '/webhooks/*', '//v1'],
  ])('%s at %s is %s', (url, pattern, inner) => expect(innerUrl(url, pattern)).toBe(inner));
});

describe('a request that a page of another site may have made a browser send', () => {
  const head = { method: 'POST', headers: { host: 'app.example' }, host: 'app.example' };
  const of = (headers: Record<string, string>, method = 'POST', host = 'app.example') =>
    isCrossSite({ method, headers: { ...head.headers, ...headers }, host });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, true],
    [{ 'sec-fetch-site': 'same-site' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: 'https://app.example' }, false],
    [{ origin: 'https://app.example:8443' }, true],
    [{ origin: 'https://app.example.evil.example' }, true],
    [{ origin: 'file://' }, true],
    [{ origin: 'null' }, true],
    [{}, false],
  ] as [Record<string, string>, boolean][])('%j: %s', (headers, expected) => {
    expect(of(headers)).toBe(expected);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(of(headers, method)).toBe(false);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'QUERY']) expect(of(headers, method)).toBe(expected);
  });

  it('knows the name that the application has behind a proxy', () => {
    const headers = { host: '10.0.0.7:3000', origin: 'https://app.example' };
    expect(isCrossSite({ method: 'POST', headers, host: 'app.example' })).toBe(false);
    expect(isCrossSite({ method: 'POST', headers, host: undefined })).toBe(true);
  });
});
