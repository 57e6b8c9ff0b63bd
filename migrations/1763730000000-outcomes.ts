import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What attempts came to, by space and stretch of time: what the overview shows, so that it never counts attempts. */
export class Outcomes1763730000000 implements MigrationInterface {
  name = 'Outcomes1763730000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.outcomes (
        space_id uuid NOT NULL,
        -- Seconds that a row stands for.
        step integer NOT NULL,
        at timestamptz NOT NULL,
        succeeded integer NOT NULL,
        failed integer NOT NULL,
        retried integer NOT NULL,
        -- A histogram of milliseconds from publish to arrival, on a logarithmic scale.
        latency integer[] NOT NULL,
        PRIMARY KEY (space_id, step, at)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE posthorn.outcomes`);
  }
}
