import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { type TypedEvent, WebhookEmitter } from '@posthorn/nestjs';
import { DataSource } from 'typeorm';
import { Campaign, List, type NamedRow, Status, Tag } from './entities.js';

type Change = 'create' | 'update' | 'delete';

interface Kind {
  entity: new () => NamedRow;
  event: (change: Change, row: NamedRow) => TypedEvent;
}

/** What has a name and is created, changed and deleted: each kind with its table and its events. */
export const KINDS = {
  campaigns: { entity: Campaign, event: (change, data) => ({ type: `campaign.${change}`, data }) },
  lists: { entity: List, event: (change, data) => ({ type: `list.${change}`, data }) },
  statuses: { entity: Status, event: (change, data) => ({ type: `status.${change}`, data }) },
  tags: { entity: Tag, event: (change, data) => ({ type: `tag.${change}`, data }) },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export interface RecordFields {
  name?: string;
  status?: string;
  color?: string | null;
}

/** Campaigns, lists, statuses and tags. Each change and its event commit together. */
@Injectable()
export class RecordsService {
  constructor(
    private readonly database: DataSource,
    private readonly webhooks: WebhookEmitter,
  ) {}

  list(account: string, kind: KindName): Promise<NamedRow[]> {
    const { entity }: Kind = KINDS[kind];
    return this.database.manager.find(entity, { where: { id_space: account }, order: { created_at: 'ASC' } });
  }

  create(account: string, kind: KindName, fields: RecordFields): Promise<NamedRow> {
    const { entity, event }: Kind = KINDS[kind];
    return this.database.transaction(async (tx) => {
      const row = tx.create(entity, {
        ...fields,
        id: randomUUID(),
        id_space: account,
        created_at: new Date().toISOString(),
        updated_at: null,
      });
      await tx.insert(entity, row);
      await this.webhooks.emit({ space: account, tx }, event('create', row));
      return row;
    });
  }

  update(account: string, kind: KindName, id: string, fields: RecordFields): Promise<NamedRow> {
    const { entity, event }: Kind = KINDS[kind];
    return this.database.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const row = await tx.findOne(entity, { where: { id, id_space: account }, lock });
      if (!row) throw new NotFoundException();
      Object.assign(row, fields, { updated_at: new Date().toISOString() });
      await tx.save(row);
      await this.webhooks.emit({ space: account, tx }, event('update', row));
      return row;
    });
  }

  delete(account: string, kind: KindName, id: string): Promise<void> {
    const { entity, event }: Kind = KINDS[kind];
    return this.database.transaction(async (tx) => {
      const row = await tx.findOneBy(entity, { id, id_space: account });
      if (!row) throw new NotFoundException();
      await tx.delete(entity, { id });
      await this.webhooks.emit({ space: account, tx }, event('delete', row));
    });
  }
}
