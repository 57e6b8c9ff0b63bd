import { Engine } from '../support/engine.js';
import { Tenant } from '../support/tenant.js';

describe('GET /v1/session', () => {
  it('tells whom a credential belongs to, and how the operator wants things to look', async () => {
    const engine = await Engine.start({
      workers: 0,
      settings: { portalAccent: '#3355ff', testReceiver: true },
    });
    const tenant = await Tenant.create(engine);
    const { id: space } = await engine.ok('GET', tenant.path(''));
    const rest = {
      branding: { accent: '#3355ff', logoUrl: null },
      testReceiver: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    };
    const sessionOf = async (key: string) =>
      (await engine.call('GET', '/v1/session', undefined, { key })).body;
    expect(await sessionOf(engine.adminKey)).toEqual({
      kind: 'admin',
      space: null,
      profile: null,
      scope: 'admin',
      ...rest,
    });
    for (const scope of ['read', 'manage', 'publish'] as const)
      expect(await sessionOf(await tenant.key(scope))).toEqual({
        kind: 'space',
        space,
        profile: 'native',
        scope,
        ...rest,
      });
    expect((await engine.call('GET', '/v1/session', undefined, { key: 'phk_wrong' })).status).toBe(401);
    await engine.close();
  });
});
