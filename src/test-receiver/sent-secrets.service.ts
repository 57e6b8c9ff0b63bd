import { LRUCache } from 'lru-cache';
import { Injectable } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Mask, secretsToMask } from '../lib/mask.js';
import { Database } from '../database/database.js';
import { bodySecretsOf } from '../endpoints/body-secrets.js';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import type { TestReceiverEntity } from './test-receiver.entity.js';

/** Subscriptions that one receiver can hear and still show what they sent. */
const MOST_SENDERS = 100;

const SENDERS = {
  name: 'test_receivers_senders',
  text: `SELECT id, version FROM posthorn.subscriptions WHERE space_id = $1 AND position($2 IN url) > 0
    ORDER BY id LIMIT ${MOST_SENDERS + 1}`,
};

/** Of masks kept ready, about 10 MB of memory. */
const CAPACITY = 300_000;

/** What a space's subscriptions send to its receivers and nobody may read there: secrets in bodies, own headers. */
@Injectable()
export class SentSecretsService {
  private readonly masks = new LRUCache<string, { senders: string; mask: Mask | null }>({
    maxSize: CAPACITY,
    sizeCalculation: ({ mask }) => Math.min(CAPACITY, mask?.weight ?? 1),
  });

  constructor(
    private readonly database: Database,
    private readonly endpoints: EndpointsService,
  ) {}

  /** What hides the secrets of all who send to a receiver; null when they have none. */
  async of({ id, spaceId: space }: TestReceiverEntity): Promise<Mask | null> {
    const rows = await this.database.sql<{ id: string; version: number }>(SENDERS, [
      space,
      publicId('rcv', id),
    ]);
    if (rows.length > MOST_SENDERS) return Mask.ALL;
    const senders = rows.map((row) => `${row.id} ${row.version}`).join();
    const known = this.masks.get(id);
    if (known?.senders === senders) return known.mask;
    const endpoints = [...(await this.endpoints.load(rows)).values()];
    const mask = Mask.of(endpoints.flatMap((one) => secretsToMask(one.headers, bodySecretsOf(one))));
    // One whose secrets did not open may open later.
    if (endpoints.length === rows.length) this.masks.set(id, { senders, mask });
    return mask;
  }
}
