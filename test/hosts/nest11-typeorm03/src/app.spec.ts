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
