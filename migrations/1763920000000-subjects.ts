import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom an event is about, and whether its data has been removed. */
export class Subjects1763920000000 implements MigrationInterface {
  name = 'Subjects1763920000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE posthorn.events
        -- The publisher's key of the person; null: the lead's.
        ADD COLUMN subject_id text,
        -- Null: its data is there. Otherwise why it is not: 'erased', or after how many days retention removed it.
        ADD COLUMN removed text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.events DROP COLUMN subject_id, DROP COLUMN removed`);
  }
}
