import { LastingRedis } from '../../src/queue/lasting-redis.js';
import { RedisChannels } from '../../src/queue/redis-channels.js';
import { eventually } from '../support/condition.js';
import { RedisServer } from '../support/redis.js';

it('channels that are closed open no further connection, though somebody was about to listen', async () => {
  const server = await RedisServer.start();
  const redis = new LastingRedis(server.url, {});
  const clients = async () =>
    String(await redis.client('LIST'))
      .trim()
      .split('\n').length;
  const channels = new RedisChannels(redis);
  try {
    await channels.listen('one', () => undefined);
    expect(await clients()).toBe(2);
    channels.close();
    await channels.listen('two', () => undefined);
    await eventually(async () => expect(await clients()).toBe(1));
  } finally {
    channels.close();
    redis.disconnect();
    await server.close();
  }
});
