import { parseEgressProxy } from '../../src/core/egress-proxy.js';

describe('the address of an egress proxy', () => {
  it.each([
    ['http://proxy', { kind: 'http', hostname: 'proxy', port: 80, login: null, resolvesNames: false }],
    ['HTTPS://proxy.example/', { kind: 'https', hostname: 'proxy.example', port: 443 }],
    ['socks5://10.0.0.1', { kind: 'socks5', hostname: '10.0.0.1', port: 1080, resolvesNames: false }],
    ['socks5h://[fd00::1]:9050', { kind: 'socks5', hostname: 'fd00::1', port: 9050, resolvesNames: true }],
    ['http://user@proxy:1', { port: 1, login: { username: 'user', password: '' } }],
    ['http://us%20er:p%40s%3As%25@proxy:1', { login: { username: 'us er', password: 'p@s:s%' } }],
    [
      'http://user:p@ss:w/ö?#%rd@proxy:1',
      { hostname: 'proxy', login: { username: 'user', password: 'p@ss:w/ö?#%rd' } },
    ],
  ])('%s', (text, proxy) => {
    expect(parseEgressProxy(text)).toMatchObject(proxy);
  });

  it.each([
    'proxy:3128',
    'ftp://proxy',
    'socks4://proxy',
    'http://',
    'http://proxy:0',
    'http://proxy:65536',
    'http://proxy/path',
    'http://pro xy',
    'http://proxy\r\nx: y',
    'http://:password@proxy',
    'http://us%3Aer:password@proxy',
    `socks5://${'u'.repeat(256)}:p@proxy`,
    `socks5://user:${'p'.repeat(256)}@proxy`,
  ])('refuses %j', (text) => {
    expect(parseEgressProxy(text)).toBeNull();
  });
});
