import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a subscription was paused of late, and how long deliveries waited for that: it is no latency. */
export class RecentPauses1763987100000 implements MigrationInterface {
  name = 'RecentPauses1763987100000';

  async up(runner: QueryRunner): Promise<void> {
    // The last ten that have ended, oldest first.
    await runner.query(`ALTER TABLE posthorn.subscriptions ADD COLUMN recent_pauses tstzrange[]`);
    // As `latency`, of what was paused; null: nothing was.
    await runner.query(`ALTER TABLE posthorn.outcomes ADD COLUMN paused integer[]`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.outcomes DROP COLUMN paused`);
    await runner.query(`ALTER TABLE posthorn.subscriptions DROP COLUMN recent_pauses`);
  }
}
