import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Body, content type and method of a subscription's requests, where they are not the usual ones. */
export class RequestFormat1763980200000 implements MigrationInterface {
  name = 'RequestFormat1763980200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.subscriptions ADD COLUMN IF NOT EXISTS request_format jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.subscriptions DROP COLUMN request_format`);
  }
}
