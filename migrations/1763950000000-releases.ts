import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With each migration the release that it came with, and the oldest one that works on the schema it leaves. */
export class Releases1763950000000 implements MigrationInterface {
  name = 'Releases1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE posthorn.migrations ADD COLUMN IF NOT EXISTS release text, ADD COLUMN IF NOT EXISTS works_from text`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.migrations DROP COLUMN release, DROP COLUMN works_from`);
  }
}
