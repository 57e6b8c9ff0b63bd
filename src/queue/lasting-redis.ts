import { Redis, type RedisOptions } from 'ioredis';

const AGAIN_MS = 500;

/**
 * A connection that ends only when it is closed. When the Sentinels report a new master while ioredis is connecting, it
 * gives up for ever, and each command fails with "Connection is closed".
 */
export class LastingRedis extends Redis {
  private isClosed = false;

  constructor(...given: [options: RedisOptions] | [url: string, options: RedisOptions]) {
    super(...(given as [RedisOptions]));
    this.on('end', () => setTimeout(() => this.connectAgain(), AGAIN_MS).unref());
  }

  override connect(callback?: () => void): Promise<void> {
    this.isClosed = false;
    return super.connect(callback);
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.isClosed = true;
    super.disconnect(reconnect);
  }

  override quit(): Promise<'OK'> {
    this.isClosed = true;
    return super.quit();
  }

  /** BullMQ waits for jobs on a copy. */
  override duplicate(override: Partial<RedisOptions> = {}): LastingRedis {
    return new LastingRedis({ ...this.options, ...override });
  }

  private connectAgain(): void {
    if (!this.isClosed && this.status === 'end') this.connect().catch(() => undefined);
  }
}
