import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tags of an event besides client, campaign and lead, and the version of its type; null: none, and the first. */
export class EventTags1763982000000 implements MigrationInterface {
  name = 'EventTags1763982000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE posthorn.events
        ADD COLUMN IF NOT EXISTS tags jsonb,
        ADD COLUMN IF NOT EXISTS type_version integer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.events DROP COLUMN tags, DROP COLUMN type_version`);
  }
}
