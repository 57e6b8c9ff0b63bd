import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the first attempt of a delivery may be made, where its publisher says so. */
export class DeliverAt1763980000000 implements MigrationInterface {
  name = 'DeliverAt1763980000000';

  async up(runner: QueryRunner): Promise<void> {
    // Nullable: no row is written, and null takes no room.
    await runner.query(`ALTER TABLE posthorn.deliveries ADD COLUMN IF NOT EXISTS deliver_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.deliveries DROP COLUMN deliver_at`);
  }
}
