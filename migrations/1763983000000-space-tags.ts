import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tags of spaces, by which a list is filtered and a broadcast addressed. */
export class SpaceTags1763983000000 implements MigrationInterface {
  name = 'SpaceTags1763983000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.spaces ADD COLUMN tags text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.spaces DROP COLUMN tags`);
  }
}
