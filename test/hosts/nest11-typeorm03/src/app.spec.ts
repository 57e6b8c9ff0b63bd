import { Test } from '@nestjs/testing';
import { PosthornModule, WebhookEmitter } from '@posthorn/nestjs';
import { AppModule, LeadsService } from './app.module';

it('runs in Jest', async () => {
  expect(PosthornModule).toBeDefined();
  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await app.init();
  const leads = app.get(LeadsService);
  expect(app.get(WebhookEmitter)).toBeDefined();
  await expect(leads.create('jest', false)).resolves.toMatch(/^evt_/);
  await app.close();
}, 30_000);

it('has the API of a customer, behind a guard', async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
  const session = `${await app.getUrl()}/webhooks/v1/session`;
  expect((await fetch(session)).status).toBe(403);
  const answer = await fetch(session, { headers: { 'x-account': 'ann' } });
  expect(await answer.json()).toMatchObject({ kind: 'portal', scope: 'manage' });
  const subscriptions = `${session.replace('session', 'spaces/ann/subscriptions')}`;
  const created = await fetch(subscriptions, {
    method: 'POST',
    headers: { 'x-account': 'ann', 'content-type': 'application/json' },
    body: JSON.stringify({ url: 'https://example.com/hook' }),
  });
  expect(created.status).toBe(201);
  expect((await fetch(subscriptions, { headers: { 'x-account': 'bob' } })).status).toBe(404);
  await app.close();
}, 30_000);
