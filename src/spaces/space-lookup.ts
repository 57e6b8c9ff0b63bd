import { Injectable } from '@nestjs/common';
import { Batcher } from '../lib/batcher.js';
import { parsePublicId } from '../core/ids.js';
import type { ProfileName } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { isUid } from '../http/uid.js';
import type { SpaceRef } from './space-ref.js';
import { Lru } from '../lib/lru.js';

const FIND = {
  name: 'spaces_find',
  text: `SELECT id, uid, profile, routing_version AS version
    FROM posthorn.spaces WHERE id = ANY($1::uuid[]) OR uid = ANY($2::text[])`,
};

interface Row {
  id: string;
  uid: string | null;
  profile: ProfileName;
  /** A bigint. */
  version: string;
}

/** References kept in memory, less than 1 KB each. */
const CAPACITY = 20_000;

/** A space, and the version it had when it was looked up. */
interface Known {
  space: SpaceRef;
  version: number;
}

/** Finds spaces by what paths call them. Requests of the same moment share one statement. */
@Injectable()
export class SpaceLookup {
  private readonly batcher = new Batcher<string, Known | null>((refs) => this.findAll(refs), {
    max: 256,
    parallel: 2,
  });

  private readonly known = new Lru<Known>(CAPACITY);

  constructor(private readonly database: Database) {}

  /** `ref` is an `spc_` id or a uid; null when no space has it. */
  async find(ref: string): Promise<SpaceRef | null> {
    if (parsePublicId('spc', ref) === null && !isUid(ref)) return null;
    const found = await this.batcher.add(ref);
    if (found) this.known.set(ref, found);
    else this.known.delete(ref);
    return found && found.space;
  }

  /**
   * The space as this process last found it under this name; undefined when it did not. Right while it has this
   * version.
   */
  remembered(ref: string): Known | undefined {
    return this.known.get(ref);
  }

  private async findAll(refs: string[]): Promise<(Known | null)[]> {
    const ids = refs.map((ref) => parsePublicId('spc', ref));
    const uids = refs.filter((_ref, index) => ids[index] === null);
    const rows = await this.database.sql<Row>(FIND, [ids.filter((id) => id !== null), uids]);
    const all = rows.map(({ version, ...space }): Known => ({ space, version: Number(version) }));
    const byId = new Map(all.map((one) => [one.space.id, one]));
    const byUid = new Map(all.map((one) => [one.space.uid, one]));
    return refs.map((ref, index) => {
      const id = ids[index];
      return (id ? byId.get(id) : byUid.get(ref)) ?? null;
    });
  }
}
