import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The version that the last resume made. A request that left under an older one says nothing about the endpoint as it
 * is now: its failure must not pause again what was just resumed.
 */
export class ResumedVersion1763840000000 implements MigrationInterface {
  name = 'ResumedVersion1763840000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE posthorn.subscriptions ADD COLUMN resumed_version integer NOT NULL DEFAULT 0`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.subscriptions DROP COLUMN resumed_version`);
  }
}
