import { Controller, Get, Query } from '@nestjs/common';
import { parsePublicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { NameList, NamesQuery } from './names.dto.js';

const NAMES = {
  name: 'subscriptions_names',
  text: `SELECT id, uid, url FROM posthorn.subscriptions WHERE space_id = $1 AND id = ANY($2::uuid[])`,
};

interface Row {
  id: string;
  uid: string | null;
  url: string;
}

@Controller('v1/spaces/:space/subscription-names')
export class NamesController {
  constructor(private readonly database: Database) {}

  /** Read the names of up to 100 subscriptions */
  @Get()
  @SpaceScope('read')
  async read(
    @CurrentSpace() space: SpaceRef,
    @Query() { subscription: refs }: NamesQuery,
  ): Promise<NameList> {
    const ids = refs.map((ref) => parsePublicId('sub', ref));
    const rows = await this.database.sql<Row>(NAMES, [space.id, ids.filter((id) => id !== null)]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return {
      data: refs.map((subscription, index) => {
        const row = found.get(ids[index] ?? '');
        return { subscription, uid: row?.uid ?? null, url: row?.url ?? null };
      }),
    };
  }
}
