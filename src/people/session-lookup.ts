import { Injectable } from '@nestjs/common';
import { hashKey } from '../core/key-text.js';
import type { Role } from '../core/roles.js';
import { Database } from '../database/database.js';
import { Batcher } from '../lib/batcher.js';
import { Clock } from '../lib/clock.js';
import { PeopleService } from './people.service.js';

// Nothing is remembered: a lower role, a removal and an ended session apply to the next request, in every process.
const FIND = {
  name: 'sessions_find',
  text: `SELECT s.id, encode(s.hash, 'hex') AS hash, s.person_id AS "personId", s.expires_at AS "expiresAt",
      s.seen_at AS "seenAt", p.email, p.role,
      coalesce((SELECT jsonb_object_agg(r.space_id, r.role) FROM posthorn.space_roles r WHERE r.person_id = p.id), '{}')
        AS spaces
    FROM posthorn.sessions s JOIN posthorn.people p ON p.id = s.person_id
    WHERE s.hash = ANY($1::bytea[]) AND p.removed_at IS NULL`,
};
const TOUCH = {
  name: 'sessions_touch',
  text: `UPDATE posthorn.sessions SET seen_at = greatest(seen_at, $2) WHERE id = $1`,
};
/** `seenAt` is written at most this often, milliseconds. */
const TOUCH_EVERY_MS = 60_000;

interface Row {
  id: string;
  hash: string;
  personId: string;
  expiresAt: Date;
  seenAt: Date;
  email: string;
  role: Role | null;
  spaces: Record<string, Role>;
}

/** Somebody who is signed in. */
export interface FoundSession {
  sessionId: string;
  personId: string;
  email: string;
  /** In all spaces. */
  instanceRole: Role | null;
  /** In single ones, by their UUIDs. */
  spaces: ReadonlyMap<string, Role>;
}

/** Finds sessions by the tokens of their cookies. Requests of the same moment share one statement. */
@Injectable()
export class SessionLookup {
  private readonly batcher = new Batcher<Buffer, Row | null>((hashes) => this.findAll(hashes), {
    max: 64,
    parallel: 2,
  });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly people: PeopleService,
  ) {}

  /** Null when the token is unknown, ended or expired, or the person removed. */
  async find(token: string): Promise<FoundSession | null> {
    const row = await this.batcher.add(hashKey(token));
    const now = this.clock.now();
    if (!row || row.expiresAt.getTime() <= now) return null;
    if (now - row.seenAt.getTime() >= TOUCH_EVERY_MS) this.touch(row.id, now);
    const { id: sessionId, personId, email } = row;
    const spaces = new Map(Object.entries(row.spaces));
    return { sessionId, personId, email, instanceRole: this.people.roleOf(row), spaces };
  }

  private async findAll(hashes: Buffer[]): Promise<(Row | null)[]> {
    const rows = await this.database.sql<Row>(FIND, [hashes]);
    const byHash = new Map(rows.map((row) => [row.hash, row]));
    return hashes.map((hash) => byHash.get(hash.toString('hex')) ?? null);
  }

  /** In the background; a failure is ignored. */
  private touch(id: string, now: number): void {
    this.database.sql(TOUCH, [id, new Date(now)]).catch(() => undefined);
  }
}
