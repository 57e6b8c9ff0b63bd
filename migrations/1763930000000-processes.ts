import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every process that uses the database, for the system page. What must be exact, leases and their workers, is in
 * `workers`.
 */
export class Processes1763930000000 implements MigrationInterface {
  name = 'Processes1763930000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.processes (
        id uuid PRIMARY KEY,
        role text NOT NULL,
        version text NOT NULL,
        host text NOT NULL,
        process_space text NOT NULL,
        pid int NOT NULL,
        process_start text NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        clock_skew_ms int NOT NULL
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.processes`);
  }
}
