import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an endpoint's health is judged by besides a count of failures: when they began and when a success ended them,
 * from when it asked to be left alone, and what was lost meanwhile. Columns without a default, or with a constant one,
 * write no row.
 */
export class EndpointHealth1763860000000 implements MigrationInterface {
  name = 'EndpointHealth1763860000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE posthorn.subscriptions
        ADD COLUMN pause_after_seconds integer NOT NULL DEFAULT 0,
        ADD COLUMN on_exhausted text NOT NULL DEFAULT 'fail',
        -- Of the failures that are counted: the first. Of all: the last, and the first success after it.
        ADD COLUMN first_failure_at timestamptz,
        ADD COLUMN last_failure_at timestamptz,
        ADD COLUMN last_recovery_at timestamptz,
        -- When the answer came that asked to wait until waits_until.
        ADD COLUMN waits_since timestamptz,
        -- Deliveries that used up their schedule and were not sent again since: how many, the oldest one's event, and when
        -- the first and the last of them failed.
        ADD COLUMN lost_count integer NOT NULL DEFAULT 0,
        ADD COLUMN lost_since timestamptz,
        ADD COLUMN lost_first_at timestamptz,
        ADD COLUMN lost_last_at timestamptz`);
    await runner.query(`
      ALTER TABLE posthorn.deliveries
        -- When it used up its schedule.
        ADD COLUMN lost_at timestamptz,
        -- When the schedule would have had its next attempt, while a Retry-After puts it off; null otherwise.
        ADD COLUMN planned_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.deliveries DROP COLUMN lost_at, DROP COLUMN planned_at`);
    await runner.query(`
      ALTER TABLE posthorn.subscriptions
        DROP COLUMN pause_after_seconds, DROP COLUMN on_exhausted, DROP COLUMN first_failure_at,
        DROP COLUMN last_failure_at, DROP COLUMN last_recovery_at, DROP COLUMN waits_since,
        DROP COLUMN lost_count, DROP COLUMN lost_since, DROP COLUMN lost_first_at, DROP COLUMN lost_last_at`);
  }
}
