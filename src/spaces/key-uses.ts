import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';

// Where another process is writing the same key just now, it writes about the same time.
const WRITE = {
  name: 'api_keys_used',
  text: `
    WITH free AS (SELECT id FROM posthorn.api_keys WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE posthorn.api_keys k SET last_used_at = greatest(k.last_used_at, used.at)
      FROM free JOIN unnest($1::uuid[], $2::timestamptz[]) AS used (id, at) USING (id)
     WHERE k.id = free.id`,
};
/** For so long uses are collected, milliseconds: the request that uses a key does not share the disk with the note. */
const GATHER_MS = 500;

/** Writes when keys were last used, in the background: all keys of half a second with one statement. */
@Injectable()
export class KeyUses implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.write();
  }

  note(keyId: string, at: Date): void {
    this.waiting.set(keyId, at);
    this.timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  /** A failure is ignored: the next use after a minute is noted again. */
  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    const uses = [...this.waiting];
    this.waiting.clear();
    const columns = [uses.map(([id]) => id), uses.map(([, at]) => at)];
    await this.database.sql(WRITE, columns).catch(() => undefined);
  }
}
