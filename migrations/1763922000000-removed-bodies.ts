import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts whose bodies and headers have been removed. */
export class RemovedBodies1763922000000 implements MigrationInterface {
  name = 'RemovedBodies1763922000000';

  async up(runner: QueryRunner): Promise<void> {
    // As in the events: null, 'erased', or after how many days.
    await runner.query(`ALTER TABLE posthorn.attempts ADD COLUMN removed text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.attempts DROP COLUMN removed`);
  }
}
