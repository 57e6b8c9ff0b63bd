import type { LastingRedis } from './lasting-redis.js';

/**
 * Messages between processes over Redis' publish and subscribe: they reach whoever listens now, and nobody else. None
 * are sent where the queue is not on one Redis: in a cluster a node does not know who listens at the others.
 */
export class RedisChannels {
  private subscriber: LastingRedis | null = null;
  private readonly listeners = new Map<string, (message: Buffer) => void>();

  constructor(private readonly redis: LastingRedis | null) {}

  get isAvailable(): boolean {
    return this.redis !== null;
  }

  /** Gives how many listen. Throws when Redis is away: the message may have been sent, or not. */
  async publish(channel: string, message: Buffer): Promise<number> {
    if (!this.redis) throw new Error('There is no Redis to publish on.');
    return this.redis.publish(this.named(channel), message);
  }

  /** Also after each reconnection. Throws when Redis does not allow it. */
  async listen(channel: string, listener: (message: Buffer) => void): Promise<void> {
    if (!this.redis) return;
    this.listeners.set(this.named(channel), listener);
    this.subscriber ??= this.openSubscriber(this.redis);
    await this.subscriber.subscribe(this.named(channel));
  }

  close(): void {
    this.subscriber?.disconnect();
    this.subscriber = null;
    this.listeners.clear();
  }

  private resubscribe(subscriber: LastingRedis): void {
    const names = [...this.listeners.keys()];
    // One that Redis does not allow any more is silent, and what is published on it reaches nobody.
    if (names.length > 0) subscriber.subscribe(...names).catch(() => undefined);
  }

  /** Channels are common to all databases of a Redis, keys are not. */
  private named(channel: string): string {
    return `{posthorn}:${this.redis?.options.db ?? 0}:${channel}`;
  }

  private openSubscriber(redis: LastingRedis): LastingRedis {
    const subscriber = redis.duplicate({
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      commandTimeout: undefined,
      // Its rejection would be nobody's.
      autoResubscribe: false,
    });
    subscriber.on('ready', () => this.resubscribe(subscriber));
    subscriber.on('error', () => undefined); // The queue's own connections tell of a Redis that is away.
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) =>
      this.listeners.get(channel.toString())?.(message),
    );
    return subscriber;
  }
}
