import type { LastingRedis } from './lasting-redis.js';

/**
 * Messages between processes over Redis pub/sub: they reach the processes that listen at that moment. Only with a
 * single Redis: the node of a cluster does not know who listens at the others.
 */
export class RedisChannels {
  private subscriber: LastingRedis | null = null;
  private readonly listeners = new Map<string, (message: Buffer) => void>();
  private closed = false;

  constructor(private readonly redis: LastingRedis | null) {}

  get isAvailable(): boolean {
    return this.redis !== null;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Returns how many processes received it. When it throws, the message may have been sent or not. */
  async publish(channel: string, message: Buffer): Promise<number> {
    if (!this.redis) throw new Error('There is no Redis to publish on.');
    return this.redis.publish(this.named(channel), message);
  }

  /** Goes on after a reconnection. Throws when Redis does not permit it. */
  async listen(channel: string, listener: (message: Buffer) => void): Promise<void> {
    if (!this.redis || this.closed) return;
    this.listeners.set(this.named(channel), listener);
    this.subscriber ??= this.openSubscriber(this.redis);
    await this.subscriber.subscribe(this.named(channel));
  }

  close(): void {
    this.closed = true;
    this.subscriber?.disconnect();
    this.subscriber = null;
    this.listeners.clear();
  }

  private resubscribe(subscriber: LastingRedis): void {
    const names = [...this.listeners.keys()];
    // If Redis does not permit it any more, messages reach nobody, and everything goes through the queue.
    if (names.length > 0) subscriber.subscribe(...names).catch(() => undefined);
  }

  /** All databases of a Redis share the channels, so the name has the database's number. */
  private named(channel: string): string {
    return `{posthorn}:${this.redis?.options.db ?? 0}:${channel}`;
  }

  private openSubscriber(redis: LastingRedis): LastingRedis {
    const subscriber = redis.duplicate({
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      commandTimeout: undefined,
      // ioredis would leave a rejection unhandled.
      autoResubscribe: false,
    });
    subscriber.on('ready', () => this.resubscribe(subscriber));
    subscriber.on('error', () => undefined); // The queue's own connections report a Redis that is away.
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) =>
      this.listeners.get(channel.toString())?.(message),
    );
    return subscriber;
  }
}
