import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a subscription's requests carry the trace context of their events. */
export class PassTraceparent1763911000000 implements MigrationInterface {
  name = 'PassTraceparent1763911000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE posthorn.subscriptions ADD COLUMN IF NOT EXISTS pass_traceparent boolean NOT NULL DEFAULT false`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.subscriptions DROP COLUMN pass_traceparent`);
  }
}
