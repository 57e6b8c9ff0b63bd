import { EventEmitter } from 'node:events';
import type pg from 'pg';

type Ask = (text: string, values: unknown[]) => Promise<unknown>;

/** What only a session can do: be listened to, and have a name. */
const NEEDS_SESSION = /^\s*(?:--.*\n\s*)*(?:LISTEN|UNLISTEN)\b|set_config\('application_name'/;

/**
 * A connection for BullMQ behind a pooler. Statements go through the pool. It listens on a direct connection; where
 * there is none nobody tells it of new jobs, and BullMQ looks for them once a second.
 */
export class PooledQueueClient extends EventEmitter {
  private listening: Promise<pg.Client> | null = null;

  /** `open` makes the direct connection. */
  constructor(
    private readonly ask: Ask,
    private readonly open: (() => pg.Client) | null,
  ) {
    super();
  }

  async query(text: string, values: unknown[] = []): Promise<unknown> {
    if (!NEEDS_SESSION.test(text)) return this.ask(text, values);
    if (!this.open) return { rows: [] };
    this.listening ??= this.listen(this.open());
    return (await this.listening).query(text, values);
  }

  release(): void {
    this.listening?.then((client) => client.end()).catch(() => undefined);
  }

  private async listen(client: pg.Client): Promise<pg.Client> {
    // BullMQ gives this one up after an error, and takes another.
    client.on('error', (error) => this.listenerCount('error') > 0 && this.emit('error', error));
    client.on('notification', (message) => this.emit('notification', message));
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.listening = null;
      throw error;
    }
  }
}
