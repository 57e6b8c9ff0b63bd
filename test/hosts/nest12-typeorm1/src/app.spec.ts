import 'reflect-metadata';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from './app.module.js';
import { LeadsService } from './leads.js';

async function start() {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = module.createNestApplication(new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  return app;
}

it('runs in Jest', async () => {
  const app = await start();
  await expect(app.get(LeadsService).create('jest', false)).resolves.toMatch(/^evt_/);
  await app.close();
}, 30_000);

it('has the dashboard and the API of a customer, behind a guard', async () => {
  const app = await start();
  const base = `${await app.getUrl()}/settings/webhooks`;
  const headers = { 'x-account': 'ann' };
  expect((await fetch(`${base}/`)).status).toBe(403);
  const page = await fetch(`${base}/`, { headers });
  expect(page.headers.get('content-type')).toMatch('text/html');
  const [, script = ''] = /src="([^"]+\.js)"/.exec(await page.text()) ?? [];
  expect((await fetch(new URL(script, `${base}/`), { headers })).status).toBe(200);
  const session = await fetch(`${base}/v1/session`, { headers });
  expect(await session.json()).toMatchObject({ kind: 'portal', scope: 'manage' });
  await app.close();
}, 30_000);
