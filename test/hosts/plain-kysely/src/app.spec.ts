import { start } from './app.js';

it('runs in Jest', async () => {
  const app = await start();
  await expect(app.create('jest', false)).resolves.toMatch(/^evt_/);
  await app.close();
}, 30_000);
