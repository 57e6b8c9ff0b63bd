import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The same of its event, for deliveries that are made later. */
export class EventDeliverAt1763980100000 implements MigrationInterface {
  name = 'EventDeliverAt1763980100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.events ADD COLUMN IF NOT EXISTS deliver_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.events DROP COLUMN deliver_at`);
  }
}
