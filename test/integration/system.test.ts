import { Module } from '@nestjs/common';
import { HEALTH_CHECKS, HealthCheck } from '../../src/system/health-check.js';
import { SystemModule } from '../../src/system/system.module.js';
import { HealthController } from '../../src/system/health.controller.js';
import { ReadinessService } from '../../src/system/readiness.service.js';
import { SpacesModule } from '../../src/spaces/spaces.module.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { ADMIN_KEY, HttpTestApp } from '../support/http-app.js';

class Working extends HealthCheck {
  readonly name = 'working';
  async check(): Promise<void> {}
}

class Failing extends HealthCheck {
  readonly name = 'failing';
  check(): Promise<void> {
    return Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:6379'));
  }
}

class Hanging extends HealthCheck {
  readonly name = 'hanging';
  check(): Promise<void> {
    return new Promise(() => undefined);
  }
}

@Module({
  controllers: [HealthController],
  providers: [
    ReadinessService,
    { provide: HEALTH_CHECKS, useValue: [new Working(), new Failing(), new Hanging()] },
  ],
})
class FailingCheckModule {}

async function withApp(
  module: typeof SystemModule,
  work: (app: HttpTestApp) => Promise<void>,
  through?: (url: string) => Promise<string>,
): Promise<void> {
  const app = await HttpTestApp.start([SpacesModule, module], [], through);
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

describe('a process', () => {
  it('is alive and ready when its database is there and up to date, and says so without a key', () =>
    withApp(SystemModule, async (app) => {
      expect(await app.call('GET', '/healthz', { key: null })).toMatchObject({
        status: 200,
        body: { status: 'ok' },
      });
      const { status, headers, body } = await app.call('GET', '/readyz', { key: null });
      expect(headers.get('retry-after')).toBe(status === 503 ? '1' : null);
      expect(status).toBe(200);
      const ok = { status: 'ok', ms: expect.any(Number) };
      expect(body).toEqual({
        status: 'ok',
        checks: expect.objectContaining({ database: ok, migrations: ok }),
      });
    }));

  it('is not ready before its migrations ran', () =>
    withApp(SystemModule, async (app) => {
      await app.database.sql({ name: 'test_forget', text: `DELETE FROM posthorn.migrations` });
      const { status, headers, body } = await app.call('GET', '/readyz', { key: null });
      expect(headers.get('retry-after')).toBe(status === 503 ? '1' : null);
      expect(status).toBe(503);
      expect(body).toMatchObject({
        checks: { database: { status: 'ok' }, migrations: { status: 'failed' } },
      });
    }));

  it('stays alive without its database, is not ready, answers calls with a 503, and recovers', async () => {
    const proxy = new DatabaseProxy();
    const work = async (app: HttpTestApp): Promise<void> => {
      expect((await app.call('GET', '/readyz', { key: null })).status).toBe(200);
      proxy.cut();
      expect((await app.call('GET', '/healthz', { key: null })).status).toBe(200);
      const ready = await app.call('GET', '/readyz', { key: null });
      expect(ready.status).toBe(503);
      expect(ready.body).toMatchObject({ status: 'unavailable', checks: { database: { status: 'failed' } } });
      for (const key of ['phk_any', ADMIN_KEY]) {
        const call = await app.call('GET', '/v1/spaces', { key });
        expect(call.status).toBe(503);
        expect(call.headers.get('retry-after')).toBe('1');
        expect(call.body).toMatchObject({ code: 'unavailable', title: 'Service Unavailable' });
      }
      await proxy.mend();
      expect((await app.call('GET', '/readyz', { key: null })).status).toBe(200);
      expect((await app.call('GET', '/v1/spaces')).status).toBe(200);
      proxy.cut();
    };
    await withApp(SystemModule, work, proxy.to);
  });

  it('gives each check two seconds and keeps the reason of a failure to itself', () =>
    withApp(FailingCheckModule, async (app) => {
      const { status, body } = await app.call('GET', '/readyz', { key: null });
      expect(status).toBe(503);
      expect(body).toMatchObject({
        checks: { working: { status: 'ok' }, failing: { status: 'failed' }, hanging: { status: 'timeout' } },
      });
      expect(JSON.stringify(body)).not.toContain('10.0.0.7');
    }));

  it('shows its metrics in the Prometheus format', () =>
    withApp(SystemModule, async (app) => {
      const { status, headers, body } = await app.call<string>('GET', '/metrics', { key: null });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/plain');
      expect(body).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    }));
});
