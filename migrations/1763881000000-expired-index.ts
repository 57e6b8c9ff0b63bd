import type { MigrationInterface, QueryRunner } from 'typeorm';
import { buildIndex } from './online.js';

/** What an endpoint's log is filtered by and is rare. */
export class ExpiredIndex1763881000000 implements MigrationInterface {
  name = 'ExpiredIndex1763881000000';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await buildIndex(runner, {
      name: 'deliveries_subscription_expired',
      table: 'deliveries',
      on: `(subscription_id, id) WHERE trouble = 'expired'`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX posthorn.deliveries_subscription_expired`);
  }
}
