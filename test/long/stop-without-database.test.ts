import { Logger } from '@nestjs/common';
import { eventually, staysSo } from '../support/condition.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { useStory } from '../support/story.js';

const proxy = new DatabaseProxy();
let respond: () => void;
const { engine, tenant, receiver } = useStory({
  through: proxy.to,
  settings: { shutdownGraceMs: 200 },
  answer: async () => {
    await new Promise<void>((resolve) => (respond = resolve));
    return { status: 200 };
  },
});
beforeAll(() => engine.beforeClose(() => proxy.mend()));
afterAll(() => proxy.cut());

it('a worker that stops while the database is away gives up what it cannot write, and says so once', async () => {
  await tenant.subscribe(receiver.url);
  await tenant.publish({ type: 'lead.create', data: {} });
  await receiver.received(1);
  const lines: string[] = [];
  const keep = (line: unknown) => void lines.push((line as { msg?: string }).msg ?? '');
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  try {
    proxy.cut();
    respond();
    await eventually(() => lines.includes('attempts.settle_failed'));
    await engine.stopWorkers();
    await eventually(() => lines.includes('attempts.given_up'));
    expect(lines).not.toContain('attempt.crashed');
    const tries = () => lines.filter((line) => line.startsWith('attempts.')).length;
    const before = tries();
    await staysSo(() => expect(tries()).toBe(before), {
      forMs: 3_000,
      because: 'it would try again every two seconds',
    });
  } finally {
    Logger.overrideLogger(false);
  }
}, 30_000);
