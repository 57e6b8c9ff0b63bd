import { Injectable } from '@nestjs/common';
import { secretsToMask } from '../core/mask.js';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { bodySecretsOf } from '../subscriptions/body-secrets.js';
import { Endpoints } from '../subscriptions/endpoints.js';
import type { Receiver } from './test-receivers.js';

const SENDERS = {
  name: 'test_receivers_senders',
  text: `SELECT id, version FROM posthorn.subscriptions WHERE space_id = $1 AND position($2 IN url) > 0`,
};

/** What a space's subscriptions send to its receivers and nobody may read there: secrets in bodies, own headers. */
@Injectable()
export class SentSecrets {
  constructor(
    private readonly database: Database,
    private readonly endpoints: Endpoints,
  ) {}

  /** For `core/mask.ts`. */
  async of({ id, space_id: space }: Receiver): Promise<string[]> {
    const senders = await this.database.sql<{ id: string; version: number }>(SENDERS, [
      space,
      publicId('rcv', id),
    ]);
    const endpoints = [...(await this.endpoints.load(senders)).values()];
    return endpoints.flatMap((one) => secretsToMask(one.headers, bodySecretsOf(one)));
  }
}
