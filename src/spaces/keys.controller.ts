import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import { parsePublicId, publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { AdminOnly, CurrentSpace } from './access.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { CreatedKey, CreateKey, Key, KeyList } from './key.dto.js';
import { KeysService } from './keys.service.js';
import type { SpaceRef } from './space-ref.js';

@AdminOnly()
@Controller('v1/spaces/:space/keys')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly cursors: Cursors,
  ) {}

  /** Create a key. Only this answer holds the key itself. */
  @Post()
  async create(@CurrentSpace() space: SpaceRef, @Body() input: CreateKey): Promise<CreatedKey> {
    const { entity, key } = await this.keys.create(space, input);
    return { ...toWire(entity), key };
  }

  /** List a space's keys. The keys themselves cannot be shown again. */
  @Get()
  async list(@CurrentSpace() space: SpaceRef, @Query() query: ListQuery): Promise<KeyList> {
    const context = `keys:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.keys.list(space.id, { after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, context, toWire);
  }

  /** Revoke a key. It is refused from now on. */
  @Delete(':key')
  @HttpCode(204)
  async revoke(@CurrentSpace() space: SpaceRef, @Param('key') key: string): Promise<void> {
    const id = parsePublicId('key', key);
    if (id === null) throw new NotFound('key');
    await this.keys.revoke(space, id);
  }
}

function toWire(key: ApiKeyEntity): Key {
  return {
    id: publicId('key', key.id),
    name: key.name,
    scope: key.scope,
    prefix: key.prefix,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    expiresAt: key.expiresAt?.toISOString() ?? null,
  };
}
