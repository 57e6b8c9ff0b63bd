/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import type { HandoverMessages } from '../../src/deliveries/handover-messages.js';
import { HandoverSender } from '../../src/deliveries/handover-sender.js';
import type { Clock } from '../../src/lib/clock.js';
import type { DeliveryQueue } from '../../src/queue/delivery-queue.js';
import type { RedisChannels } from '../../src/queue/redis-channels.js';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
afterEach(() => void jest.useRealTimers());

it('a publisher that waits for Redis to announce itself starts no second announcement meanwhile', () => {
  const listen = jest.fn(() => new Promise<void>(() => undefined));
  const channels = { isAvailable: true, listen } as unknown as RedisChannels;
  const [messages, database, queue, clock] = [{}, {}, {}, {}] as [unknown, unknown, unknown, unknown];
  const sender = new HandoverSender(
    channels,
    messages as HandoverMessages,
    database as Database,
    queue as DeliveryQueue,
    clock as Clock,
  );
  for (let n = 0; n < 10; n += 1) {
    sender.leases();
    jest.advanceTimersByTime(11_000);
  }
  expect(listen).toHaveBeenCalledTimes(1);
});
