import { Injectable } from '@nestjs/common';
import { Batcher } from '../core/batcher.js';
import { parsePublicId } from '../core/ids.js';
import type { ProfileName } from '../core/words.js';
import { Database } from '../database/database.js';
import { isUid } from '../http/uid.js';
import type { SpaceRef } from './space-ref.js';

const FIND = {
  name: 'spaces_find',
  text: `SELECT id, uid, profile FROM posthorn.spaces WHERE id = ANY($1::uuid[]) OR uid = ANY($2::text[])`,
};

interface Row {
  id: string;
  uid: string | null;
  profile: ProfileName;
}

/** Finds spaces by what paths call them. Requests of the same moment share one statement. */
@Injectable()
export class SpaceLookup {
  private readonly batcher = new Batcher<string, SpaceRef | null>((refs) => this.findAll(refs), {
    max: 256,
    parallel: 2,
  });

  constructor(private readonly database: Database) {}

  /** `ref` is an `spc_` id or a uid; null when no space has it. */
  async find(ref: string): Promise<SpaceRef | null> {
    if (parsePublicId('spc', ref) === null && !isUid(ref)) return null;
    return this.batcher.add(ref);
  }

  private async findAll(refs: string[]): Promise<(SpaceRef | null)[]> {
    const ids = refs.map((ref) => parsePublicId('spc', ref));
    const uids = refs.filter((_ref, index) => ids[index] === null);
    const rows = await this.database.sql<Row>(FIND, [ids.filter((id) => id !== null), uids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const byUid = new Map(rows.map((row) => [row.uid, row]));
    return refs.map((ref, index) => {
      const id = ids[index];
      return (id ? byId.get(id) : byUid.get(ref)) ?? null;
    });
  }
}
