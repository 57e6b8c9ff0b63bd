import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts that a person asked for, and probes, say so: deliveries keep what made them. */
export class AttemptTrigger1763987000000 implements MigrationInterface {
  name = 'AttemptTrigger1763987000000';

  async up(runner: QueryRunner): Promise<void> {
    // Null: the schedule had it, or an engine of the release before made it.
    await runner.query(`ALTER TABLE posthorn.attempts ADD COLUMN trigger text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.attempts DROP COLUMN trigger`);
  }
}
