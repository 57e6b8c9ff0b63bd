import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries whose event was erased. */
export class ErasedDeliveries1763921000000 implements MigrationInterface {
  name = 'ErasedDeliveries1763921000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.deliveries ADD COLUMN erased_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posthorn.deliveries DROP COLUMN erased_at`);
  }
}
