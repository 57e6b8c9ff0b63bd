import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The processes that deliver. The first half of a lease is its worker's id, so that what a dead one has leased is known
 * at once. Engines of the release before are not in here, and their leases run out as ever.
 */
export class Workers1763870000000 implements MigrationInterface {
  name = 'Workers1763870000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.workers (
        id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{16}$'),
        process_space text NOT NULL,
        pid int NOT NULL,
        process_start text NOT NULL,
        has_session boolean NOT NULL,
        seen_at timestamptz NOT NULL,
        ended_at timestamptz
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.workers`);
  }
}
