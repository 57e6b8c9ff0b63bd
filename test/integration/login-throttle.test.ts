import { SpacesModule } from '../../src/spaces/spaces.module.js';
import { HttpTestApp } from '../support/http-app.js';

describe('wrong keys', () => {
  let app: HttpTestApp;
  let good: string;
  beforeAll(async () => {
    app = await HttpTestApp.start([SpacesModule]);
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
});
