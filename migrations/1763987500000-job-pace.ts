import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs that wait, or go slowly, as people say while they run; and drains of what is held. */
export class JobPace1763987500000 implements MigrationInterface {
  name = 'JobPace1763987500000';

  async up(runner: QueryRunner): Promise<void> {
    // A job that a person has paused is due in the year 9999: engines of the release before do not take it either.
    await runner.query(`
      ALTER TABLE posthorn.jobs ADD COLUMN per_second integer, ADD COLUMN paused_at timestamptz`);
    // The job that releases what is held for it. Without one, workers do that by themselves.
    await runner.query(`ALTER TABLE posthorn.subscriptions ADD COLUMN drained_by uuid`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.subscriptions DROP COLUMN drained_by`);
    await runner.query(`ALTER TABLE posthorn.jobs DROP COLUMN paused_at, DROP COLUMN per_second`);
  }
}
