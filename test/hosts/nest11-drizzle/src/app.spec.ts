import { Test } from '@nestjs/testing';
import { AppModule, LeadsService } from './app.module';

it('runs in Jest', async () => {
  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await app.init();
  await expect(app.get(LeadsService).create('jest', false)).resolves.toMatch(/^evt_/);
  await app.close();
}, 30_000);
