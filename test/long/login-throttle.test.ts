import { SpacesModule } from '../../src/spaces/spaces.module.js';
import { HttpTestApp } from '../support/http-app.js';

describe.each([
  ['wrong keys', []],
  ['wrong keys behind a proxy that is trusted', ['127.0.0.0/8', '::1/128']],
])('%s', (_name, trustProxy) => {
  let app: HttpTestApp;
  let good: string;
  beforeAll(async () => {
    app = await HttpTestApp.start([SpacesModule], [], undefined, { trustProxy });
    const space = await app.call<{ id: string }>('POST', '/v1/spaces', { body: { name: 'Acme' } });
    const created = await app.call<{ key: string }>('POST', `/v1/spaces/${space.body.id}/keys`, {
      body: { name: 'app', scope: 'manage' },
    });
    good = created.body.key;
  });
  afterAll(() => app.close());

  const list = (key: string) => app.call('GET', '/v1/spaces', { key });

  it('are refused with 429 and Retry-After once an address sent 200 in a minute, while keys in use go on working', async () => {
    expect((await list(good)).status).toBe(403);
    for (let n = 0; n < 200; n += 1) expect((await list(`phk_wrong_${n}`)).status).toBe(401);
    const refused = await list('phk_wrong_again');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body.code).toBe('too_many_requests');
    expect((await list(good)).status).toBe(403);
    app.clock.advance(60_001);
    expect((await list('phk_wrong_again')).status).toBe(401);
  });

  it('of one client keep out a fresh key of another when the proxy tells them apart, and only then', async () => {
    const from = (address: string, key?: string) =>
      app.call('GET', '/v1/spaces', { key, headers: { 'x-forwarded-for': address } });
    app.clock.advance(200_000);
    for (let n = 0; n <= 200; n += 1) await from('203.0.113.1', `phk_wrong_${n}`);
    expect((await from('203.0.113.1')).status).toBe(429);
    expect((await from('203.0.113.2')).status).toBe(trustProxy.length > 0 ? 200 : 429);
  });

  it('of one IPv6 network count together, and other networks with all their addresses free nobody', async () => {
    const from = (address: string, key: string) =>
      app.call('GET', '/v1/spaces', { key, headers: { 'x-forwarded-for': address } });
    app.clock.advance(200_000);
    expect((await from('2001:db8:9:9::9', good)).status).toBe(403);
    for (let n = 0; n <= 200; n += 1) await from(`2001:db8:0:1::${n.toString(16)}`, `phk_wrong_${n}`);
    expect((await from('2001:db8:0:1:ffff::9', 'phk_new')).status).toBe(429);
    for (let n = 0; n < 300; n += 1) await from(`2001:db8:1:${n.toString(16)}::1`, `phk_other_${n}`);
    expect((await from('2001:db8:0:1:ffff::9', 'phk_new')).status).toBe(429);
    expect((await from('2001:db8:0:2::9', 'phk_new')).status).toBe(trustProxy.length > 0 ? 401 : 429);
    // Keys in use are let in from wherever.
    expect((await from('2001:db8:0:1:ffff::9', good)).status).toBe(403);
  });
});
