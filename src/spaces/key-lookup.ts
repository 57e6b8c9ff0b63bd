import { Injectable } from '@nestjs/common';
import { Batcher } from '../lib/batcher.js';
import { Clock } from '../lib/clock.js';
import type { KeyScope, ProfileName } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { hashKey } from '../core/key-text.js';
import type { SpaceRef } from './space-ref.js';
import { Lru } from '../lib/lru.js';
import { KeyUses } from './key-uses.js';

const FIND = {
  name: 'api_keys_find',
  text: `SELECT k.id, k.name, encode(k.hash, 'hex') AS hash, k.scope, k.expires_at, k.last_used_at,
                s.id AS space_id, s.uid, s.profile, s.routing_version AS version
           FROM posthorn.api_keys k JOIN posthorn.spaces s ON s.id = k.space_id
          WHERE k.hash = ANY($1::bytea[])`,
};
/** How coarse `lastUsedAt` is: a busy key costs one write in this time and process. */
const TOUCH_EVERY_MS = 60_000;
/** Keys kept in memory, less than 1 KB each. */
const CAPACITY = 20_000;

interface Row {
  id: string;
  name: string;
  hash: string;
  scope: KeyScope;
  expires_at: Date | null;
  last_used_at: Date | null;
  space_id: string;
  uid: string | null;
  profile: ProfileName;
  /** A bigint. */
  version: string;
}

/** A valid space key. */
export interface FoundKey {
  keyId: string;
  keyName: string;
  scope: KeyScope;
  space: SpaceRef;
}

/**
 * Finds keys by what callers send. Requests of the same moment share one statement. What is remembered counts only for
 * who makes sure of the space's version, so a revoked key is refused at once by every process.
 */
@Injectable()
export class KeyLookup {
  private readonly batcher = new Batcher<Buffer, Row | null>((hashes) => this.findAll(hashes), {
    max: 256,
    parallel: 2,
  });
  private readonly known = new Lru<Row>(CAPACITY);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly uses: KeyUses,
  ) {}

  /** The key with this text; null when it is unknown, revoked or expired. */
  async find(text: string): Promise<FoundKey | null> {
    const hash = hashKey(text);
    const row = await this.batcher.add(hash);
    if (row) this.known.set(row.hash, row);
    else this.known.delete(hash.toString('hex'));
    return this.usable(row);
  }

  /**
   * The key with this text as this process last found it, and the version its space had; null when it did not. For
   * whoever asks for that version in the very statement that does the work, which saves a round trip.
   */
  remembered(text: string): (FoundKey & { version: number }) | null {
    const row = this.known.get(hashKey(text).toString('hex'));
    const found = this.usable(row);
    return row && found ? { ...found, version: Number(row.version) } : null;
  }

  private usable(row: Row | null | undefined): FoundKey | null {
    const now = this.clock.now();
    if (!row || (row.expires_at !== null && row.expires_at.getTime() <= now)) return null;
    if (row.last_used_at === null || now - row.last_used_at.getTime() >= TOUCH_EVERY_MS) this.touch(row, now);
    return {
      keyId: row.id,
      keyName: row.name,
      scope: row.scope,
      space: { id: row.space_id, uid: row.uid, profile: row.profile },
    };
  }

  private async findAll(hashes: Buffer[]): Promise<(Row | null)[]> {
    const rows = await this.database.sql<Row>(FIND, [hashes]);
    const byHash = new Map(rows.map((row) => [row.hash, row]));
    return hashes.map((hash) => byHash.get(hash.toString('hex')) ?? null);
  }

  private touch(row: Row, now: number): void {
    row.last_used_at = new Date(now);
    this.uses.note(row.id, row.last_used_at);
  }
}
